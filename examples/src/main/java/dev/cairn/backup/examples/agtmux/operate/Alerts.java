package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.lifecycle.AlertKind;
import dev.cairn.backup.lifecycle.AlertRouting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where everything is told: the log hears all, the monitor what is a warning or worse, the pager what escalates. The host's own events and the manager's take the same way. Thread-safe. */
public final class Alerts implements BackupListener {

    private static final int KEPT = 2_000;

    private final Channel log = new Channel();
    private final Channel monitor = new Channel();
    private final Channel pager = new Channel();
    private final AlertRouting routing = AlertRouting.standard(log, monitor, pager);

    /** The newest events of a target. */
    private static final class Channel implements BackupListener {

        private final Deque<BackupEvent> events = new ArrayDeque<>();

        @Override
        public synchronized void onEvent(BackupEvent event) {
            events.add(event);
            if (events.size() > KEPT) {
                events.remove();
            }
        }

        synchronized List<BackupEvent> all() {
            return new ArrayList<>(events);
        }
    }

    @Override
    public void onEvent(BackupEvent event) {
        routing.onEvent(event);
    }

    /** What the log has heard, oldest first. */
    public List<BackupEvent> log() {
        return log.all();
    }

    /** What the monitor has heard, oldest first. */
    public List<BackupEvent> monitor() {
        return monitor.all();
    }

    /** What a person was called for, oldest first. */
    public List<BackupEvent> pager() {
        return pager.all();
    }

    /** Events as plain values for JSON. */
    static List<Map<String, Object>> form(List<BackupEvent> events) {
        return events.stream().map(Alerts::form).toList();
    }

    private static Map<String, Object> form(BackupEvent event) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("at", event.at().toEpochMilli());
        form.put("severity", event.severity().name());
        form.put(
                "kind",
                AlertKind.of(event).map(AlertKind::name).orElse(event.getClass().getSimpleName()));
        form.put("text", event.describe());
        return form;
    }
}
