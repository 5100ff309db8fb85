package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.AuditDamage;
import dev.cairn.backup.AuditDamage.Kind;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the end of a log whose writer may have died at any moment. Acknowledged lines, those up to the head record, must be there, else it refuses. Right lines
 * after them are kept and made durable; whatever else follows was never acknowledged and is put aside in a {@code .torn-<n>} file. May itself die at any moment
 * and be run again.
 */
final class Recovery {

    private final Path folder;
    private final Head head;
    private final OpenIncidents incidents;
    private final List<TornPart> torn = new ArrayList<>();

    /**
     * What was put aside.
     *
     * @param file the name of the file that it was in
     * @param bytes how much it was
     * @param keptAs the name of the file that it is in now; empty if it was nothing
     */
    record TornPart(String file, long bytes, String keptAs) {}

    /**
     * Where the log ends.
     *
     * @param tail the last file with its length; empty if there is none yet
     * @param last the last line
     * @param torn what was put aside
     */
    record LogEnd(Optional<Tail> tail, AuditPosition last, List<TornPart> torn) {}

    /**
     * The file that lines are appended to.
     *
     * @param file the file
     * @param length its length
     * @param opening how much of that are its first line and the open incidents that follow it
     * @param begun the time of its first line
     */
    record Tail(AuditFile file, long length, long opening, Instant begun) {}

    Recovery(Path folder, Head head, OpenIncidents incidents) {
        this.folder = folder;
        this.head = head;
        this.incidents = incidents;
    }

    /**
     * Finds the end.
     *
     * @throws DamagedAuditException if an acknowledged line is missing or not what was written
     */
    LogEnd run() throws IOException {
        // Names that another process made and did not come to force may be seen without being durable.
        DurableFiles.forceDirectory(folder);
        while (true) {
            List<AuditFile> files = fromHeadOn();
            EndScan scan = scan(files);
            if (scan.last().sequence() < head.last().sequence()) {
                throw damaged();
            }
            if (files.isEmpty()) {
                return new LogEnd(Optional.empty(), scan.last(), torn);
            }
            AuditFile lastFile = files.get(files.size() - 1);
            if (scan.keeps(lastFile)) {
                putAside(lastFile, scan.length());
                makeDurable(lastFile, scan.acknowledged(), scan.length());
                Tail tail = new Tail(lastFile, scan.length(), scan.opening(), scan.begun());
                return new LogEnd(Optional.of(tail), scan.last(), torn);
            }
            if (lastFile.first() != scan.lastBefore(lastFile) + 1) {
                throw damaged(); // No rotation of this log can have begun it.
            }
            // The log's writer died while it began this file; nothing in it was acknowledged.
            putAside(lastFile, 0);
            DurableFiles.deleteDurably(lastFile.path());
        }
    }

    /** Older files are left to the verifier: to find the end, the file with the last acknowledged line and those after it are enough. */
    private List<AuditFile> fromHeadOn() throws IOException {
        List<AuditFile> files = AuditFile.list(folder);
        int start = 0;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).first() <= head.last().sequence()) {
                start = i;
            }
        }
        return files.subList(start, files.size());
    }

    private EndScan scan(List<AuditFile> files) throws IOException {
        EndScan scan = new EndScan(head, incidents);
        try (LogReader lines = new LogReader(files, Long.MAX_VALUE)) {
            for (RawLine raw = lines.next(); raw != null; raw = lines.next()) {
                if (!scan.takes(raw)) {
                    AuditFile lastFile = files.get(files.size() - 1);
                    if (raw.fileFirst() != lastFile.first()) {
                        throw damaged(); // Only the last file can end in a torn line.
                    }
                    break;
                }
            }
        }
        return scan;
    }

    private DamagedAuditException damaged() throws IOException {
        AuditDamage found = ChainCheck.run(AuditFile.list(folder), Long.MAX_VALUE, head)
                .damage()
                .orElseGet(() -> new AuditDamage(
                        Kind.ALTERED,
                        "the folder",
                        0,
                        head.last().sequence(),
                        "the lines that the head record tells, in one chain",
                        "others"));
        return new DamagedAuditException(folder.toString(), found);
    }

    private void putAside(AuditFile file, long from) throws IOException {
        long bytes = file.size() - from;
        if (bytes > 0) {
            Path kept = copied(file, from);
            torn.add(new TornPart(file.name(), bytes, String.valueOf(kept.getFileName())));
            try (FileChannel channel = FileChannel.open(file.path(), Set.of(WRITE, NOFOLLOW_LINKS))) {
                channel.truncate(from);
                channel.force(true);
            }
        }
    }

    private Path copied(AuditFile file, long from) throws IOException {
        int number = 1;
        while (Files.exists(file.torn(number), NOFOLLOW_LINKS)) {
            number++;
        }
        Path kept = file.torn(number);
        DurableFiles.writeNew(kept, () -> {
            FileChannel channel = FileChannel.open(file.path(), Set.of(READ, NOFOLLOW_LINKS));
            return Channels.newInputStream(channel.position(from));
        });
        DurableFiles.forceDirectory(folder);
        return kept;
    }

    /**
     * Writes what was not acknowledged over itself and forces it. It may be in memory only, in pages that the kernel takes for clean because their
     * write-back failed once; a force alone would not write them.
     */
    private static void makeDurable(AuditFile file, long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), Set.of(READ, WRITE, NOFOLLOW_LINKS))) {
            ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
            for (long at = from; at < to; ) {
                int read = channel.read(piece.clear().limit((int) Math.min(piece.capacity(), to - at)), at);
                if (read < 0) {
                    throw new IOException(file.path() + " ended before byte " + to);
                }
                piece.flip();
                while (piece.hasRemaining()) {
                    at += channel.write(piece, at);
                }
            }
            channel.force(true);
        }
    }
}
