package dev.cairn.backup.examples.agtmux.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.cursor.SourceRange;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A source whose events are lines of a file. The first line holds what the compacted events add up to; an acknowledgement writes the file anew without what was acknowledged, and renames it over the
 * old one. Thread-safe.
 */
public final class SourceLog implements EventSource {

    private final String name;
    private final Path file;
    private final InstantSource clock;
    private String incarnation = "";
    private long beginning;
    private SourceView base = SourceView.empty();
    private final List<SourceEvent> events = new ArrayList<>();
    private int invalidAnswers;
    private boolean silent;

    private SourceLog(String name, Path file, InstantSource clock) {
        this.name = name;
        this.file = file;
        this.clock = clock;
    }

    /** Opens the log in the file, which is made if it is missing. */
    public static SourceLog at(String name, Path file, InstantSource clock) throws IOException {
        SourceLog log = new SourceLog(name, file, clock);
        if (Files.exists(file)) {
            log.load();
        } else {
            Files.createDirectories(file.toAbsolutePath().getParent());
            log.incarnation = UUID.randomUUID().toString();
            log.rewrite();
        }
        return log;
    }

    private void load() throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        JsonNode first = Json.read(lines.get(0));
        incarnation = first.path("incarnation").asText();
        beginning = first.path("beginning").asLong();
        base = SourceView.of(first.path("view"));
        lines.subList(1, lines.size()).forEach(line -> events.add(SourceEvent.of(Json.read(line))));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized SourceRange hello() throws IOException {
        requireVoice();
        return new SourceRange(incarnation, beginning, end());
    }

    @Override
    public synchronized Reading read(long from, int most) throws IOException {
        requireVoice();
        if (invalidAnswers > 0) {
            invalidAnswers--;
            return new Reading.Invalid("the reader's session is over");
        }
        if (from < beginning || from > end()) {
            return new Reading.Invalid("there is " + beginning + " to " + end() + ", not " + from);
        }
        int first = (int) (from - beginning);
        return new Reading.Page(events.subList(first, Math.min(events.size(), first + most)), end());
    }

    @Override
    public synchronized OwnState state() throws IOException {
        requireVoice();
        return new OwnState(incarnation, end(), truth());
    }

    /** What all events add up to, whether the source answers or not. */
    public synchronized SourceView truth() {
        return viewAt(end());
    }

    private SourceView viewAt(long position) {
        SourceView view = SourceView.of(Json.MAPPER.valueToTree(base.form()));
        events.subList(0, (int) (position - beginning)).forEach(view::apply);
        return view;
    }

    @Override
    public synchronized void acknowledge(long position) throws IOException {
        requireVoice();
        if (position > end()) {
            throw new IOException("acknowledged is " + position + ", there is only " + end());
        }
        if (position > beginning) {
            base = viewAt(position);
            events.subList(0, (int) (position - beginning)).clear();
            beginning = position;
            rewrite();
        }
    }

    /** Tells that many new events. Durable when this returns. */
    public synchronized void emit(int count) throws IOException {
        List<SourceEvent> fresh = new ArrayList<>(count);
        Instant now = Instant.ofEpochMilli(clock.millis());
        for (int i = 0; i < count; i++) {
            fresh.add(EventMaker.event(incarnation, end() + i, now));
        }
        append(fresh);
    }

    /** Tells its newest events once more, as a source does that had no answer. */
    public synchronized void repeat(int count) throws IOException {
        List<SourceEvent> last = events.subList(Math.max(0, events.size() - count), events.size());
        List<SourceEvent> again = new ArrayList<>(last.size());
        for (SourceEvent event : last) {
            again.add(event.repeatedAt(end() + again.size()));
        }
        append(again);
    }

    /** Loses its newest events, as a source does that had not forced them to disk. */
    public synchronized void lose(int count) throws IOException {
        events.subList(Math.max(0, events.size() - count), events.size()).clear();
        rewrite();
    }

    /** Begins anew, with nothing of what it had. */
    public synchronized void reincarnate() throws IOException {
        incarnation = UUID.randomUUID().toString();
        beginning = 0;
        base = SourceView.empty();
        events.clear();
        rewrite();
    }

    /** Calls the cursor invalid in its next answers. */
    public synchronized void invalidate(int answers) {
        invalidAnswers = answers;
    }

    /** Answers nobody, or everybody again. */
    public synchronized void silence(boolean on) {
        silent = on;
    }

    /** How many bytes its log has. */
    public synchronized long bytes() throws IOException {
        return Files.size(file);
    }

    private long end() {
        return beginning + events.size();
    }

    private void requireVoice() throws IOException {
        if (silent) {
            throw new IOException("source '" + name + "' is silent");
        }
    }

    private void append(List<SourceEvent> fresh) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (SourceEvent event : fresh) {
            lines.append(Json.MAPPER.writeValueAsString(event.stored())).append('\n');
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            write(channel, lines);
        }
        events.addAll(fresh);
    }

    private void rewrite() throws IOException {
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("incarnation", incarnation);
        first.put("beginning", beginning);
        first.put("view", base.form());
        StringBuilder lines = new StringBuilder(Json.MAPPER.writeValueAsString(first)).append('\n');
        for (SourceEvent event : events) {
            lines.append(Json.MAPPER.writeValueAsString(event.stored())).append('\n');
        }
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(channel, lines);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(FileChannel channel, StringBuilder lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }
}
