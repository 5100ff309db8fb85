package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditPosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which old files may go: whole ones, from the oldest, never the last. A file goes when every rule that is given lets it go; without rules all stay.
 *
 * @param count how many files stay, the present one counted
 * @param age how long a file stays after its last line
 */
public record FileRetention(OptionalInt count, Optional<Duration> age) {

    /** All files stay. */
    public static final FileRetention ALL = new FileRetention(OptionalInt.empty(), Optional.empty());

    /**
     * Files that go.
     *
     * @param files the files, oldest first
     * @param before the last line that goes
     */
    record Removal(List<AuditFile> files, AuditPosition before) {}

    /** What may go now. */
    Optional<Removal> removable(List<AuditFile> files, Instant now) throws IOException {
        List<AuditFile> going = new ArrayList<>();
        Optional<Removal> removal = Optional.empty();
        if (count.isEmpty() && age.isEmpty()) {
            return removal;
        }
        for (int i = 0; i + 1 < files.size() && files.size() - i > count.orElse(1); i++) {
            // The first line of the next file tells when this one ended, and the hash of its last line.
            Line next = firstLine(files.get(i + 1));
            if (age.filter(kept -> Duration.between(next.time(), now).compareTo(kept) < 0)
                    .isPresent()) {
                return removal;
            }
            going.add(files.get(i));
            removal = Optional.of(
                    new Removal(List.copyOf(going), new AuditPosition(next.sequence() - 1, next.previous())));
        }
        return removal;
    }

    private static Line firstLine(AuditFile file) throws IOException {
        try (LineReader reader = LineReader.open(file, RawLine.MAX_BYTES)) {
            RawLine first = reader.next();
            Line line = Line.parse(first == null ? new byte[0] : first.bytes());
            if (!line.kind().equals(Line.CHAIN) || line.sequence() != file.first()) {
                throw new IOException(file.path() + " does not begin as a file of the log does");
            }
            return line;
        }
    }
}
