package dev.cairn.backup.core.e2e;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The host's load: several connections that write at the same time, now and then one that is opened anew, a VACUUM or a checkpoint. */
final class LedgerWriters implements AutoCloseable {

    static final int CONNECTIONS = 3;

    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(500);
    private static final String[] CHECKPOINTS = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

    private final Path database;
    private final int era;
    private final Consumer<Ledger.Committed> acknowledged;
    private final Runnable vacuuming;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final AtomicInteger vacuums = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    /** @param vacuuming told before each VACUUM */
    LedgerWriters(Path database, int era, long seed, Consumer<Ledger.Committed> acknowledged, Runnable vacuuming) {
        this.database = database;
        this.era = era;
        this.acknowledged = acknowledged;
        this.vacuuming = vacuuming;
        for (int i = 0; i < CONNECTIONS; i++) {
            Random random = new Random(seed * 31 + i);
            boolean first = i == 0;
            Thread thread = new Thread(() -> write(random, first), "host-" + i);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void write(Random random, boolean first) {
        try {
            while (!ended.get()) {
                writeOnOneConnection(random, first);
            }
        } catch (SQLException | RuntimeException e) {
            failure.compareAndSet(null, e);
            e.printStackTrace(); // At once: a process that is killed never closes this.
        }
    }

    private void writeOnOneConnection(Random random, boolean first) throws SQLException {
        try (Ledger ledger = Ledger.open(database)) {
            int transactions = 100 + random.nextInt(300);
            for (int i = 0; i < transactions && !ended.get(); i++) {
                acknowledged.accept(ledger.transact(era));
                if (first && random.nextInt(60) == 0) {
                    vacuum(ledger);
                }
                if (!first && random.nextInt(150) == 0) {
                    ledger.checkpoint(CHECKPOINTS[random.nextInt(CHECKPOINTS.length)]);
                }
                LockSupport.parkNanos(random.nextInt(20) == 0 ? 40 * PAUSE : PAUSE);
            }
        }
    }

    /** SQLite gives nobody a turn among others that write all the time; a VACUUM that did not get one in time is left out, and a transaction is not. */
    private void vacuum(Ledger ledger) throws SQLException {
        vacuuming.run();
        try {
            ledger.vacuum();
            vacuums.incrementAndGet();
        } catch (SQLiteException e) {
            if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
                throw e;
            }
        }
    }

    /** Transactions so far that are none of the ledger's. */
    int vacuums() {
        return vacuums.get();
    }

    /** Waits for the last transactions; fails if the host was disturbed. */
    @Override
    public void close() {
        ended.set(true);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (failure.get() != null) {
            throw new AssertionError("the host was disturbed", failure.get());
        }
    }
}
