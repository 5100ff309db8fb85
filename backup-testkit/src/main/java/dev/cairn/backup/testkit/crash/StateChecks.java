package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Folders in which states are made and checked, one state at a time in each. With one folder the caller's thread checks, with more each folder has a thread. */
final class StateChecks implements AutoCloseable {

    /** What is done with a state in one of the folders. */
    interface Task {
        void in(Path folder) throws IOException;
    }

    private final BlockingQueue<Path> free;
    private final int workers;
    private final Semaphore idle;
    private final @Nullable ExecutorService threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    StateChecks(Path workDirectory, int workers) throws IOException {
        Files.createDirectories(workDirectory);
        this.workers = workers;
        this.free = new ArrayBlockingQueue<>(workers);
        for (int i = 0; i < workers; i++) {
            free.add(workDirectory.resolve(i == 0 ? "state" : "state-" + i));
        }
        this.idle = new Semaphore(workers);
        this.threads = workers == 1 ? null : Executors.newFixedThreadPool(workers);
    }

    /** Runs a task in an emptied folder; with several workers it may still run when this returns. */
    void run(Task task) throws IOException {
        if (threads == null) {
            runIn(free.element(), task);
            return;
        }
        idle.acquireUninterruptibly();
        Path folder = free.remove();
        throwFailure(); // After the folder is taken: one that failed is given back only when that is known, and keeps
        // its state.
        threads.execute(() -> {
            try {
                runIn(folder, task);
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            } finally {
                free.add(folder);
                idle.release();
            }
        });
    }

    private static void runIn(Path folder, Task task) throws IOException {
        remove(folder);
        task.in(Files.createDirectory(folder));
    }

    /** Waits for the last checks and removes the folders. */
    void finish() throws IOException {
        idle.acquireUninterruptibly(workers);
        throwFailure();
        for (Path folder : free) {
            remove(folder);
        }
    }

    private void throwFailure() throws IOException {
        Throwable wrong = failure.get();
        if (wrong instanceof Error error) {
            throw error;
        }
        if (wrong instanceof IOException broken) {
            throw broken;
        }
        if (wrong != null) {
            throw new IllegalStateException(wrong);
        }
    }

    @Override
    public void close() {
        if (threads == null) {
            return;
        }
        threads.shutdown();
        try {
            // Whoever removes the folders afterwards must not do so below a check that still runs.
            threads.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                // A state may hold folders that nobody may write to.
                PosixFileAttributeView posix = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
                if (posix != null) {
                    posix.setPermissions(PosixFilePermissions.fromString("rwx------"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
