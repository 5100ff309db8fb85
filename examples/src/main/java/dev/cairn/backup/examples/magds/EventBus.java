package dev.cairn.backup.examples.magds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The host's bus. Subscribers are told in order, on the publisher's thread. */
final class EventBus {

    static final String BACKUP_COMPLETED = "magdb.backup.completed";
    static final String VERIFY_COMPLETED = "magdb.backup.verify_completed";
    static final String VERIFY_FAILED = "magdb.backup.verify_failed";
    static final String RESTORE_COMPLETED = "magdb.restore.completed";

    private final List<Consumer<Event>> subscribers = new ArrayList<>();

    /**
     * Something that happened.
     *
     * @param name what, such as {@value EventBus#BACKUP_COMPLETED}
     * @param backup the backup's id
     * @param details what else is to be known
     */
    record Event(String name, String backup, Map<String, String> details) {

        /** Copies the map. */
        Event {
            details = Map.copyOf(details);
        }
    }

    void subscribe(Consumer<Event> subscriber) {
        subscribers.add(subscriber);
    }

    void publish(String name, String backup, Map<String, String> details) {
        Event event = new Event(name, backup, details);
        subscribers.forEach(subscriber -> subscriber.accept(event));
    }
}
