package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.cursor.CursorWatermarks;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.SourceSightings;
import dev.cairn.backup.cursor.StateDedup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the state stands in each source's events, and which events it holds: stored in the transaction that stores the state.
 *
 * @param database where they are
 */
record CursorRows(StateDatabase database) {

    /**
     * A cursor with its source's name.
     *
     * @param source the name
     * @param cursor the cursor
     */
    private record Named(String source, SourceCursor cursor) {}

    Map<String, SourceCursor> cursors() {
        Map<String, SourceCursor> all = new TreeMap<>();
        database.query(
                        "SELECT source_kind, incarnation, base, committed FROM cursor_state_v2",
                        row -> new Named(
                                row.getString(1),
                                new SourceCursor(
                                        row.getString(2), row.getLong(3), CursorWatermarks.at(row.getLong(4)))))
                .forEach(named -> all.put(named.source(), named.cursor()));
        return all;
    }

    /** Only committed is stored: what was in flight dies with the process. */
    void store(String source, SourceCursor cursor) {
        database.run(
                "INSERT OR REPLACE INTO cursor_state_v2 VALUES(?, ?, ?, ?)",
                source,
                cursor.incarnation(),
                cursor.base(),
                cursor.committed());
    }

    void saw(SeenEvent event) {
        database.run(
                "INSERT OR REPLACE INTO seen_event VALUES(?, ?, ?, ?)",
                event.key().source(),
                event.key().session(),
                event.key().event(),
                event.at().toEpochMilli());
    }

    void forgetSeen(String source) {
        database.run("DELETE FROM seen_event WHERE source_kind = ?", source);
    }

    /** Drops what the window has forgotten, too. A stamp of the future moves nothing. */
    void forgetBefore(Duration retention, Instant now) {
        horizons(retention, now)
                .forEach((source, horizon) -> database.run(
                        "DELETE FROM seen_event WHERE source_kind = ? AND at_ms < ?", source, horizon.toEpochMilli()));
    }

    StateDedup seen(Duration retention, Instant now) {
        Map<String, Instant> horizons = horizons(retention, now);
        Map<String, List<SeenEvent>> events = new HashMap<>();
        database
                .query(
                        "SELECT source_kind, session, event, at_ms FROM seen_event",
                        row -> new SeenEvent(
                                new EventKey(row.getString(1), row.getString(2), row.getString(3)),
                                Instant.ofEpochMilli(row.getLong(4))))
                .stream()
                .filter(event ->
                        !event.at().isBefore(horizons.getOrDefault(event.key().source(), Instant.MIN)))
                .forEach(event -> events.computeIfAbsent(event.key().source(), source -> new ArrayList<>())
                        .add(event));
        Map<String, SourceSightings> sightings = new HashMap<>();
        events.forEach((source, seen) ->
                sightings.put(source, new SourceSightings(horizons.getOrDefault(source, Instant.MIN), seen)));
        return new StateDedup(sightings);
    }

    private Map<String, Instant> horizons(Duration retention, Instant now) {
        Map<String, Instant> horizons = new HashMap<>();
        database.query(
                "SELECT source_kind, min(max(at_ms), ?) FROM seen_event GROUP BY source_kind",
                row -> horizons.put(
                        row.getString(1), Instant.ofEpochMilli(row.getLong(2)).minus(retention)),
                now.toEpochMilli());
        return horizons;
    }
}
