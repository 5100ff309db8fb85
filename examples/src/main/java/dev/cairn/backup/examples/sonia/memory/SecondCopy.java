package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.core.packed.CopyReport;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The repository copied to a second path or disk, after each snapshot and on request. Thread-safe. */
final class SecondCopy implements BackupListener, AutoCloseable {

    private final PackedRepository repository;
    private final FileBlobStore target;
    private final InstantSource clock;
    private final CancellationToken end = new CancellationToken();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "second-copy");
        made.setDaemon(true);
        return made;
    });
    private volatile Standing standing = new Standing(Optional.empty(), Optional.empty());

    /**
     * How it stands.
     *
     * @param last when it was complete
     * @param problem why the last attempt failed; empty if it did not
     */
    record Standing(Optional<Instant> last, Optional<String> problem) {}

    /** Both are its own to close. */
    SecondCopy(PackedRepository repository, FileBlobStore target, InstantSource clock) {
        this.repository = repository;
        this.target = target;
        this.clock = clock;
    }

    Standing standing() {
        return standing;
    }

    @Override
    public void onEvent(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted) {
            try {
                thread.execute(this::quietly);
            } catch (RejectedExecutionException e) {
                standing = new Standing(standing.last(), Optional.of("the service was closed before it was copied"));
            }
        }
    }

    private void quietly() {
        try {
            now();
        } catch (BackupCancelledException e) {
            standing = new Standing(standing.last(), Optional.of("cut short by the end of the service"));
        } catch (BackupException e) {
            System.err.println(
                    "the second copy failed: " + e.getMessage()); // Health tells it too, until it works again.
        }
    }

    /** Copies what is missing there. */
    synchronized CopyReport now() {
        try {
            CopyReport report = repository.copyTo(target, ProgressListener.NONE, end);
            standing = new Standing(Optional.of(clock.instant()), Optional.empty());
            return report;
        } catch (BackupException e) {
            standing = new Standing(standing.last(), Optional.of(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    /** Ends a copy that is under way; the next one goes on from there. */
    @Override
    public void close() {
        end.cancel();
        thread.shutdown();
        try {
            thread.awaitTermination(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        repository.close();
        target.close();
    }
}
