package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A process in all but name: a repository object of its own, whose work can be suspended before any call to the store and woken up later. While it is
 * suspended none of its threads reaches the store. For one controlling thread.
 */
final class Actor implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 180;
    private static final Predicate<FaultyBlobStore.Call> NEVER = call -> false;

    private final Object lock = new Object();
    private final FaultyBlobStore calls;
    private final PackedRepository repository;
    private long begun;
    private Predicate<FaultyBlobStore.Call> suspend = NEVER;
    private boolean suspended;
    private @Nullable String suspendedBefore;
    private @Nullable Thread work;
    private @Nullable Throwable failure;

    /** @param mistake made between the repository and the store */
    Actor(BlobStore blobs, UnaryOperator<BlobStore> mistake) {
        calls = FaultyBlobStore.over(blobs).onCall(this::called);
        repository = Packed.at(mistake.apply(calls));
        repository.open();
    }

    /** Another store whose calls count as this actor's. */
    BlobStore watch(BlobStore other) {
        return FaultyBlobStore.over(other).onCall(this::called);
    }

    private void called(FaultyBlobStore.Call call) {
        synchronized (lock) {
            begun++;
            if (!suspended && suspend.test(call)) {
                suspended = true;
                suspend = NEVER;
                suspendedBefore = call.operation() + " " + call.name();
                lock.notifyAll();
            }
            while (suspended) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** Begins some work and waits until it ends or is suspended before its call of that number, counted from 1; 0 lets it run through. */
    void run(long suspendBefore, Consumer<PackedRepository> what) {
        run(suspendBefore == 0 ? NEVER : call -> begun >= suspendBefore, what);
    }

    /** Begins some work and waits until it ends or is suspended before the first such call. */
    void run(Predicate<FaultyBlobStore.Call> suspendBefore, Consumer<PackedRepository> what) {
        synchronized (lock) {
            begun = 0;
            failure = null;
            suspend = suspendBefore;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        what.accept(repository);
                    } catch (Throwable e) {
                        synchronized (lock) {
                            failure = e;
                        }
                    } finally {
                        synchronized (lock) {
                            suspend = NEVER;
                            work = null;
                            lock.notifyAll();
                        }
                    }
                },
                "actor");
        thread.setDaemon(true);
        synchronized (lock) {
            work = thread;
        }
        thread.start();
        await();
    }

    /** Wakes it up and waits until its work ends. */
    void resume() {
        resume(NEVER);
    }

    /** Wakes it up and waits until its work ends or is suspended once more, before the first such call after the one that it was suspended before. */
    void resume(Predicate<FaultyBlobStore.Call> suspendBefore) {
        synchronized (lock) {
            suspend = suspendBefore;
            suspended = false;
            lock.notifyAll();
        }
        await();
    }

    private void await() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (lock) {
            while (work != null && !suspended) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("an actor neither ends nor stops");
                }
                try {
                    lock.wait(1_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** Whether it waits to be woken up. */
    boolean isSuspended() {
        synchronized (lock) {
            return suspended;
        }
    }

    /** The call before which it was last suspended, for people. */
    String suspendedBefore() {
        synchronized (lock) {
            return suspendedBefore == null ? "nothing" : suspendedBefore;
        }
    }

    /** Calls to the store since the work began. */
    long calls() {
        synchronized (lock) {
            return begun;
        }
    }

    /** What its last work threw; null if it ended well. */
    @Nullable
    Throwable failure() {
        synchronized (lock) {
            return failure;
        }
    }

    @Override
    public void close() {
        if (isSuspended()) {
            resume();
        }
        repository.close();
    }
}
