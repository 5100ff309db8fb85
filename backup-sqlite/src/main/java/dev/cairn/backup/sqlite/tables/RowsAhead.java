package dev.cairn.backup.sqlite.tables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a thread of its own reads from a repository while others are written. Holds at most four
 * blocks of {@link RowInserts#BATCH_ROWS} rows, each no greater than {@link RowInserts#BATCH_BYTES} and a row.
 */
final class RowsAhead implements AutoCloseable {

    private static final List<@Nullable Object[]> END = List.of();

    private final TableLines lines;
    private final BlockingQueue<List<@Nullable Object[]>> blocks = new ArrayBlockingQueue<>(2);
    private final Thread reader;
    private volatile boolean wanted = true;
    private volatile @Nullable Throwable failure;

    private RowsAhead(TableLines lines) {
        this.lines = lines;
        this.reader = new Thread(this::read, "cairn-table-reader");
        this.reader.setDaemon(true);
    }

    /** Begins to read; until {@link #close} the lines are this object's. */
    static RowsAhead of(TableLines lines) {
        RowsAhead ahead = new RowsAhead(lines);
        ahead.reader.start();
        return ahead;
    }

    /**
     * The next rows; empty after the last, when the content was read and verified to its end. For one thread.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException as {@link TableLines#next}
     */
    List<@Nullable Object[]> next() throws IOException, InterruptedException {
        List<@Nullable Object[]> block = blocks.take();
        Throwable failed = failure;
        if (block == END && failed != null) {
            if (failed instanceof IOException io) {
                throw io;
            }
            if (failed instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw (Error) failed;
        }
        return block;
    }

    private void read() {
        try {
            List<@Nullable Object[]> block = nextBlock();
            while (!block.isEmpty() && put(block)) {
                block = nextBlock();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e; // told by next(), on the thread that asked for the rows
        }
        put(END);
    }

    private List<@Nullable Object[]> nextBlock() throws IOException {
        List<@Nullable Object[]> block = new ArrayList<>(RowInserts.BATCH_ROWS);
        long length = 0;
        while (wanted && block.size() < RowInserts.BATCH_ROWS && length < RowInserts.BATCH_BYTES) {
            @Nullable Object[] row = lines.next();
            if (row == null) {
                break;
            }
            block.add(row);
            for (Object value : row) {
                length += RowJson.lengthOf(value);
            }
        }
        return block;
    }

    /** Whether it is still wanted. Interrupts of this thread mean nothing: nobody but {@link #close} ends it. */
    private boolean put(List<@Nullable Object[]> block) {
        while (wanted) {
            try {
                if (blocks.offer(block, 100, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                // asks whether it is still wanted
            }
        }
        return false;
    }

    /** Ends the thread and waits for it, as it may be reading: never by an interrupt, which would close the repository's channels. */
    @Override
    public void close() {
        wanted = false;
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
