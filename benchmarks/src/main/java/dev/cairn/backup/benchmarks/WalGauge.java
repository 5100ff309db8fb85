package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the {@code -wal} of a database ends, asked on a connection of its own. A checkpoint of mode NOOP takes no lock and answers how many frames are valid
 * (SQLite 3.51, https://www.sqlite.org/c3ref/wal_checkpoint_v2.html). The log itself may be opened; the main file and the {@code -shm} never are. For one thread.
 */
final class WalGauge implements AutoCloseable {

    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int FIRST_SALT = 16;

    private final Path log;
    private final Connection connection;
    private final PreparedStatement frames;
    private final long frameBytes;

    WalGauge(Path database) throws SQLException {
        this.log = database.resolveSibling(database.getFileName() + "-wal");
        this.connection = MemoryDatabase.connect(database);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA page_size")) {
            this.frameBytes = row.getLong(1) + FRAME_HEADER_BYTES;
        }
        this.frames = connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)");
    }

    /** The end of the log; empty at the moment in which there is none, or a new one begins. */
    Optional<WalPosition> position() throws SQLException, IOException {
        OptionalInt before = salt();
        long valid;
        try (ResultSet row = frames.executeQuery()) {
            valid = row.getLong(2);
        }
        OptionalInt after = salt();
        if (before.isEmpty() || !before.equals(after)) {
            return Optional.empty();
        }
        return Optional.of(new WalPosition(after.getAsInt(), HEADER_BYTES + valid * frameBytes));
    }

    /** Bytes of the log's file; 0 if there is none. */
    long bytes() throws IOException {
        try {
            return Files.size(log);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private OptionalInt salt() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // A read may be short.
            }
        } catch (NoSuchFileException e) {
            return OptionalInt.empty();
        }
        return header.hasRemaining() ? OptionalInt.empty() : OptionalInt.of(header.getInt(FIRST_SALT));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
