package dev.cairn.backup.examples.quickstart;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is logged in: the state in memory. Immutable, so that a snapshot only has to take the reference while the host waits.
 *
 * @param counter the last step that the service has done; the same number stands in the database and in a file
 * @param open the sessions by user
 */
record Sessions(long counter, SortedMap<String, Session> open) {

    Sessions {
        open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    }

    /** Nobody is logged in, as after a start. */
    static Sessions none(long counter) {
        return new Sessions(counter, new TreeMap<>());
    }

    /** These sessions after a change. */
    Sessions after(Change change) {
        SortedMap<String, Session> next = new TreeMap<>(open);
        next.put(
                change.user(),
                open.getOrDefault(change.user(), new Session(0, 0)).after(change.step()));
        return new Sessions(change.step(), next);
    }

    Map<String, Long> counts() {
        return Map.of("sessions", (long) open.size());
    }
}
