package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The model of a restore: a base, and the pages of one transaction after the other written over it. */
final class Replay implements AutoCloseable {

    private record Transaction(List<int[]> pages, List<byte[]> content, long size) {}

    private final Path file;
    private final RandomAccessFile out;
    private final int pageSize;
    private final List<Transaction> transactions;
    private long at;

    /** Begins with a base; {@code file} is made. */
    Replay(Path file, byte[] base, LogPosition position, KeptLog.Timeline timeline) throws IOException {
        assertEquals(timeline.id(), position.timeline());
        this.file = Files.write(file, base);
        this.out = new RandomAccessFile(file.toFile(), "rw");
        this.pageSize = timeline.pageSize();
        this.transactions = transactionsOf(timeline);
        this.at = position.transaction();
        assertTrue(at <= transactions.size(), position + " of " + transactions.size());
    }

    private static List<Transaction> transactionsOf(KeptLog.Timeline timeline) {
        List<Transaction> all = new ArrayList<>();
        List<int[]> pages = new ArrayList<>();
        List<byte[]> content = new ArrayList<>();
        for (LogSegment segment : timeline.segments()) {
            assertEquals(timeline.pageSize(), segment.pageSize());
            int from = 0;
            for (LogSegment.Commit commit : segment.commits()) {
                add(segment, from, commit.pages(), pages, content);
                all.add(new Transaction(List.copyOf(pages), List.copyOf(content), commit.size()));
                pages.clear();
                content.clear();
                from = commit.pages();
            }
            add(segment, from, segment.pages().length, pages, content);
        }
        return all;
    }

    private static void add(LogSegment segment, int from, int to, List<int[]> pages, List<byte[]> content) {
        pages.add(Arrays.copyOfRange(segment.pages(), from, to));
        content.add(Arrays.copyOfRange(segment.content(), from * segment.pageSize(), to * segment.pageSize()));
    }

    /** How many transactions the timeline has. */
    long end() {
        return transactions.size();
    }

    /** How many are in the file. */
    long at() {
        return at;
    }

    Path file() {
        return file;
    }

    /** Goes on to a transaction. */
    Replay to(long transaction) throws IOException {
        for (; at < transaction; at++) {
            Transaction next = transactions.get(Math.toIntExact(at));
            for (int i = 0; i < next.pages().size(); i++) {
                int[] pages = next.pages().get(i);
                for (int j = 0; j < pages.length; j++) {
                    out.seek((long) (pages[j] - 1) * pageSize);
                    out.write(next.content().get(i), j * pageSize, pageSize);
                }
            }
            out.setLength(next.size() * pageSize);
        }
        return this;
    }

    /** Compares the file page by page with another copy of the same state. */
    void assertSameAs(byte[] other, String where) throws IOException {
        assertSame(Files.readAllBytes(file), other, pageSize, where);
    }

    /** Compares two databases page by page. */
    static void assertSame(byte[] mine, byte[] other, int pageSize, String where) {
        assertEquals(other.length, mine.length, "size at " + where);
        Set<Integer> free = freeLeaves(mine, pageSize);
        List<Integer> differ = new ArrayList<>();
        for (int page = 0; page < mine.length / pageSize; page++) {
            if (!free.contains(page + 1) && !samePage(mine, other, page, pageSize)) {
                differ.add(page + 1);
            }
        }
        assertEquals(List.of(), differ, "pages at " + where);
    }

    private static boolean samePage(byte[] mine, byte[] other, int page, int pageSize) {
        byte[] a = Arrays.copyOfRange(mine, page * pageSize, (page + 1) * pageSize);
        byte[] b = Arrays.copyOfRange(other, page * pageSize, (page + 1) * pageSize);
        if (page == 0) {
            // SQLite's copy has counters of its own: https://www.sqlite.org/fileformat2.html#file_change_counter
            for (int[] counter : new int[][] {{24, 28}, {40, 44}, {92, 100}}) {
                Arrays.fill(a, counter[0], counter[1], (byte) 0);
                Arrays.fill(b, counter[0], counter[1], (byte) 0);
            }
        }
        return Arrays.equals(a, b);
    }

    /** Pages that hold nothing and need never have been written: https://www.sqlite.org/fileformat2.html#the_freelist. */
    private static Set<Integer> freeLeaves(byte[] database, int pageSize) {
        Set<Integer> free = new HashSet<>();
        ByteBuffer bytes = ByteBuffer.wrap(database);
        int trunk = database.length < 100 ? 0 : bytes.getInt(32);
        while (trunk != 0) {
            int from = (trunk - 1) * pageSize;
            for (int i = 0; i < bytes.getInt(from + 4); i++) {
                free.add(bytes.getInt(from + 8 + 4 * i));
            }
            trunk = bytes.getInt(from);
        }
        return free;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
