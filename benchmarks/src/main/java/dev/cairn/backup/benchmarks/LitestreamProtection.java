package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Litestream as a process beside the host, with a replica that is a folder, everything as it is by default. Its replica gets a file for each piece of the log, written beside and renamed once
 * it is forced; the head of the file tells where the piece ends (https://github.com/superfly/ltx, header: offset of the log at 48, length at 56, first salt at 64).
 */
final class LitestreamProtection implements WriterProtection {

    private static final int HEADER_BYTES = 100;
    private static final int LOG_OFFSET = 48;
    private static final int LOG_LENGTH = 56;
    private static final int LOG_SALT = 64;
    private static final long SECONDS_TO_START = 120;

    private final Process process;
    private final Path pieces;
    private Path newest = Path.of("");
    private Optional<WalPosition> reached = Optional.empty();

    private LitestreamProtection(Process process, Path pieces) {
        this.process = process;
        this.pieces = pieces;
    }

    /**
     * Starts it and waits for the first file of the replica.
     *
     * @throws IllegalStateException if it ends, or there is none after two minutes
     */
    static LitestreamProtection open(Path database, Path folder) throws IOException, InterruptedException {
        Path replica = folder.resolve("replica");
        Files.createDirectories(folder);
        Path log = folder.resolve("litestream.log");
        Process process = new ProcessBuilder("litestream", "replicate", database.toString(), "file://" + replica)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        LitestreamProtection protection =
                new LitestreamProtection(process, replica.resolve("ltx").resolve("0"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (protection.newestPiece().isEmpty()) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("litestream made no replica: " + Files.readString(log));
            }
        }
        return protection;
    }

    @Override
    public boolean covers(CommitMark mark) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("litestream ended with " + process.exitValue());
        }
        if (reached.filter(position -> position.reaches(mark.position())).isEmpty()) {
            look();
        }
        return reached.filter(position -> position.reaches(mark.position())).isPresent();
    }

    private void look() throws IOException {
        Optional<Path> piece = newestPiece();
        if (piece.isPresent() && !piece.get().equals(newest)) {
            reached = end(piece.get());
            newest = piece.get();
        }
    }

    /** Names are ranges of transactions in hexadecimal digits, so that the last is the newest. */
    private Optional<Path> newestPiece() throws IOException {
        try (Stream<Path> files = Files.list(pieces)) {
            List<Path> complete =
                    files.filter(file -> file.toString().endsWith(".ltx")).toList();
            return complete.stream().max(Comparator.naturalOrder());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<WalPosition> end(Path piece) throws IOException {
        try (InputStream in = Files.newInputStream(piece)) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
            return Optional.of(
                    new WalPosition(header.getInt(LOG_SALT), header.getLong(LOG_OFFSET) + header.getLong(LOG_LENGTH)));
        }
    }

    /** As a service manager would end it: it brings its replica up to date and says goodbye. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
