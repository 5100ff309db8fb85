package dev.cairn.backup.sqlite.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who keeps everybody else out of a database, as Linux's {@code /proc/locks} tells it. Processes of other containers are not shown. */
final class LockHolders {

    /** The first byte that readers lock, and that a connection with SQLite's EXCLUSIVE lock has locked for writing: os.h, SHARED_FIRST. */
    private static final long SHARED_FIRST = 0x40000000L + 2;

    private LockHolders() {}

    /** The processes with an EXCLUSIVE lock, by id; empty if there are none, and nothing at all if the platform does not tell. */
    static Optional<SortedSet<Long>> exclusive(Path database) {
        try {
            Optional<String> inode = DatabaseFiles.keyOf(database);
            Optional<Device> device = Device.of(database);
            return inode.isEmpty() || device.isEmpty()
                    ? Optional.empty()
                    : ProcFile.LOCKS.lines().map(lines -> exclusive(lines, device.get(), inode.get()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@code 1: POSIX ADVISORY WRITE <pid> <major>:<minor>:<inode> <first> <last>}; the device in hexadecimal digits. */
    static SortedSet<Long> exclusive(List<String> lines, Device device, String inode) {
        String file = String.format("%02x:%02x:%s", device.major(), device.minor(), inode);
        SortedSet<Long> holders = new TreeSet<>();
        for (String line : lines) {
            String[] parts = line.strip().split(" +");
            // A waiting one has an arrow before its kind, and so one part more.
            if (parts.length == 8 && parts[3].equals("WRITE") && parts[5].equals(file) && covers(parts[6], parts[7])) {
                holders.add(Long.parseLong(parts[4]));
            }
        }
        return holders;
    }

    private static boolean covers(String first, String last) {
        return Long.parseLong(first) <= SHARED_FIRST && (last.equals("EOF") || Long.parseLong(last) >= SHARED_FIRST);
    }

    /** The processes in words. One of another container has no number here. */
    static String inWords(SortedSet<Long> holders) {
        StringBuilder words = new StringBuilder();
        for (long pid : holders) {
            words.append(words.isEmpty() ? "" : " and ")
                    .append(
                            pid == ProcessHandle.current().pid()
                                    ? "this process"
                                    : pid <= 0 ? "a process of another container" : "process " + pid);
        }
        return words.toString();
    }
}
