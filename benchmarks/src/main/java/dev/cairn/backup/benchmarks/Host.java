package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The host that is measured: one lock over a database, files and a value in memory. A transaction updates the blob of one random memory and the counter,
 * and replaces the value; now and then it replaces a file. One thread writes.
 */
final class Host implements AutoCloseable {

    private static final int BLOB_BYTES = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random = new SplittableRandom(13);
    private final long memories;
    private final @Nullable FileTree files;
    private final int transactionsPerFile;
    private final Connection connection;
    private final PreparedStatement update;
    private final PreparedStatement count;
    private volatile State state = new State(0, "started");

    /** The value in memory. */
    record State(long counter, String last) {}

    /**
     * @param files the files, or null for a host that has none
     * @param transactionsPerFile every how many transactions a file is replaced; 0 for never
     */
    Host(Path database, long memories, @Nullable FileTree files, int transactionsPerFile) throws SQLException {
        this.memories = memories;
        this.files = files;
        this.transactionsPerFile = transactionsPerFile;
        this.connection = MemoryDatabase.connect(database);
        this.connection.setAutoCommit(false);
        this.update = connection.prepareStatement("UPDATE memories SET embedding = ?, archived_at = ? WHERE rowid = ?");
        this.count = connection.prepareStatement("UPDATE counter SET value = ?");
    }

    /** One transaction; answers how long the caller was busy with it, from asking for the lock to the end of the commit. */
    long transact() throws SQLException, IOException {
        byte[] blob = new byte[BLOB_BYTES];
        random.nextBytes(blob);
        long row = random.nextLong(1, memories + 1);
        long start = System.nanoTime();
        lock.lock();
        try {
            long next = state.counter() + 1;
            update.setBytes(1, blob);
            update.setLong(2, next);
            update.setLong(3, row);
            update.executeUpdate();
            count.setLong(1, next);
            count.executeUpdate();
            connection.commit();
            long took = System.nanoTime() - start;
            state = new State(next, "memory " + row);
            if (files != null && transactionsPerFile > 0 && next % transactionsPerFile == 0) {
                files.replace(random.nextInt(files.hot()), next);
            }
            return took;
        } finally {
            lock.unlock();
        }
    }

    /** The barrier, measured from the moment the lock was got to the moment before its release. */
    void hold(Runnable action, Samples held) {
        lock.lock();
        try {
            long start = System.nanoTime();
            action.run();
            held.add(System.nanoTime() - start);
        } finally {
            lock.unlock();
        }
    }

    State state() {
        return state;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
