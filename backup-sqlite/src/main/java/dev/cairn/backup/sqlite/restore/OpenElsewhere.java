package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.sqlite.live.OpenFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * The second half of the proof that nobody uses a database: connections that hold no lock are found by their open descriptors. See
 * {@link OpenFiles} for what the platform shows.
 */
final class OpenElsewhere {

    private OpenElsewhere() {}

    /**
     * Refuses a file that anybody but us has open.
     *
     * @param live the database in question, for the message
     * @param file the name that the file has now
     * @param ours how many descriptors of it this class's own callers hold
     * @throws DatasetInUseException if there are more
     */
    static void refuse(String dataset, Path live, Path file, int ours) throws IOException {
        SortedMap<Long, Integer> holders = holders(file, ours);
        if (!holders.isEmpty()) {
            throw new DatasetInUseException(
                    dataset,
                    live + " is open without a lock" + inWords(holders),
                    "Close every connection to it, pools, other processes and Cairn's continuous protection included, and restore again",
                    null);
        }
    }

    /** Whether nobody is seen to have the file open. */
    static boolean isFree(Path file) throws IOException {
        return holders(file, 0).isEmpty();
    }

    /** Who has the file open, as the end of a sentence; empty if that is not known. */
    static String describe(Path file, int ours) {
        try {
            return inWords(holders(file, ours));
        } catch (IOException e) {
            return "";
        }
    }

    private static SortedMap<Long, Integer> holders(Path file, int ours) throws IOException {
        SortedMap<Long, Integer> holders = OpenFiles.holdersOf(file);
        holders.computeIfPresent(ProcessHandle.current().pid(), (pid, count) -> count > ours ? count - ours : null);
        return holders;
    }

    private static String inWords(SortedMap<Long, Integer> holders) {
        StringBuilder words = new StringBuilder();
        holders.forEach((pid, count) -> words.append(words.isEmpty() ? ", held by " : " and ")
                .append(pid == ProcessHandle.current().pid() ? "this process" : "process " + pid)
                .append(" (")
                .append(count)
                .append(count == 1 ? " descriptor)" : " descriptors)"));
        return words.toString();
    }
}
