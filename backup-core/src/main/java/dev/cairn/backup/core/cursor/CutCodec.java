package dev.cairn.backup.core.cursor;

import dev.cairn.backup.Codec;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.cursor.CursorWatermarks;
import dev.cairn.backup.cursor.DedupBounds;
import dev.cairn.backup.cursor.DedupWindow;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.SourceSightings;
import dev.cairn.backup.cursor.StateDedup;
import dev.cairn.backup.cursor.TimelineEpoch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cut as lines of JSON: first the epoch and the cursors, then for each source with a dedup window its horizon, followed by its events, one a line. So the cursors are read without the events.
 */
final class CutCodec implements Codec<SnapshotCut> {

    /** Far above 10 000 sources whose names and incarnations have 200 characters each. */
    private static final int MOST_CHARACTERS = 16 << 20;

    @Override
    public String fileName() {
        return "cut.jsonl";
    }

    @Override
    public int schemaVersion() {
        return 1;
    }

    @Override
    public void encode(SnapshotCut cut, OutputStream out) throws IOException {
        List<JsonObject> cursors = new ArrayList<>();
        cut.cursors()
                .forEach((source, cursor) -> cursors.add(new JsonObject()
                        .put("source", source)
                        .put("incarnation", cursor.incarnation())
                        .put("base", cursor.base())
                        .put("fetched", cursor.fetched())
                        .put("committed", cursor.committed())));
        line(out, new JsonObject().put("epoch", cut.epoch().number()).put("cursors", cursors));
        for (Map.Entry<String, SourceSightings> source :
                new TreeMap<>(cut.dedup().sources()).entrySet()) {
            line(
                    out,
                    new JsonObject()
                            .put("source", source.getKey())
                            .put("horizon", source.getValue().horizon().toString())
                            .put("events", source.getValue().seen().size()));
            for (SeenEvent event : source.getValue().seen()) {
                line(
                        out,
                        new JsonObject()
                                .put("session", event.key().session())
                                .put("event", event.key().event())
                                .put("at", event.at().toString()));
            }
        }
    }

    private static void line(OutputStream out, JsonObject object) throws IOException {
        out.write(object.toBytes());
        out.write('\n');
    }

    @Override
    public SnapshotCut decode(InputStream in, int storedVersion) throws IOException {
        try {
            BufferedReader lines = reader(in);
            SnapshotCut head = head(lines);
            Map<String, SourceSightings> seen = new LinkedHashMap<>();
            long room = DedupBounds.MAX_CAPACITY;
            for (JsonObject line = next(lines); line != null; line = next(lines)) {
                long events = line.number("events");
                if (events < 0 || events > room || seen.size() == DedupWindow.MAX_SOURCES) {
                    throw new IOException("the cut tells of more events or sources than a window remembers");
                }
                room -= events;
                if (seen.put(line.text("source"), sightings(line, events, lines)) != null) {
                    throw new IOException("a source stands in the cut's dedup twice");
                }
            }
            return new SnapshotCut(head.epoch(), head.cursors(), new StateDedup(seen));
        } catch (DateTimeException e) {
            throw new IOException("a time in the cut cannot be parsed: " + e.getMessage(), e);
        }
    }

    /** The epoch and the cursors alone. */
    SnapshotCut decodeHead(InputStream in) throws IOException {
        return head(reader(in));
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static SnapshotCut head(BufferedReader lines) throws IOException {
        JsonObject line = required(lines);
        Map<String, SourceCursor> cursors = new LinkedHashMap<>();
        for (JsonObject cursor : line.objects("cursors")) {
            cursors.put(
                    cursor.text("source"),
                    new SourceCursor(
                            cursor.text("incarnation"),
                            cursor.number("base"),
                            new CursorWatermarks(cursor.number("fetched"), cursor.number("committed"))));
        }
        return new SnapshotCut(new TimelineEpoch(line.number("epoch")), cursors, StateDedup.empty());
    }

    private static SourceSightings sightings(JsonObject source, long events, BufferedReader lines) throws IOException {
        List<SeenEvent> seen = new ArrayList<>();
        for (long left = events; left > 0; left--) {
            JsonObject event = required(lines);
            seen.add(new SeenEvent(
                    new EventKey(source.text("source"), event.text("session"), event.text("event")),
                    Instant.parse(event.text("at"))));
        }
        return new SourceSightings(Instant.parse(source.text("horizon")), seen);
    }

    private static JsonObject required(BufferedReader lines) throws IOException {
        JsonObject line = next(lines);
        if (line == null) {
            throw new IOException("the cut ends too early");
        }
        return line;
    }

    private static @Nullable JsonObject next(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c != '\n'; c = lines.read()) {
            if (c < 0) {
                if (line.length() > 0) {
                    throw new IOException("the cut ends in the middle of a line");
                }
                return null;
            }
            if (line.length() == MOST_CHARACTERS) {
                throw new IOException("a line of the cut has more than " + MOST_CHARACTERS + " characters");
            }
            line.append((char) c);
        }
        return JsonObject.parse(line.toString().getBytes(StandardCharsets.UTF_8));
    }
}
