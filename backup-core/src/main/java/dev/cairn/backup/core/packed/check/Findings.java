package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.StoreException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a check has found and read so far; the same sentence counts once. Thread-safe. */
final class Findings {

    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private long blobs;
    private long bytes;

    synchronized void problem(String sentence) {
        problems.add(sentence);
    }

    synchronized void warning(String sentence) {
        warnings.add(sentence);
    }

    /** One more blob was read and compared. */
    synchronized void read(long size) {
        blobs++;
        bytes += size;
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    synchronized long blobs() {
        return blobs;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** What happened, without what to do next: that is said once, not in each sentence. */
    static String sentence(BackupException e) {
        String end = ". " + e.nextStep();
        String message = e.getMessage();
        return message.endsWith(end) ? message.substring(0, message.length() - end.length()) : message;
    }

    /**
     * What failed in reading a blob, as from a bad sector: that says something of the blob.
     *
     * @throws StoreException the same, if it says something of the store
     */
    static String readError(StoreException e) {
        if (e.reason() != StoreException.Reason.IO) {
            throw e;
        }
        return sentence(e);
    }
}
