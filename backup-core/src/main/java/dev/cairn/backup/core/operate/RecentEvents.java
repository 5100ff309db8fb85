package dev.cairn.backup.core.operate;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last events as lines of text, for whoever has to find out afterwards what happened. Thread-safe. */
public final class RecentEvents implements BackupListener {

    private static final int MOST = 200;

    private final Deque<String> lines = new ArrayDeque<>();

    /** None yet. */
    public RecentEvents() {}

    @Override
    public synchronized void onEvent(BackupEvent event) {
        if (lines.size() == MOST) {
            lines.removeFirst();
        }
        lines.addLast(event.at() + " " + event.severity() + " " + event.describe());
    }

    /** The lines, oldest first. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Keeps an event, then hands it on. */
    public BackupListener before(BackupListener next) {
        return event -> {
            onEvent(event);
            next.onEvent(event);
        };
    }
}
