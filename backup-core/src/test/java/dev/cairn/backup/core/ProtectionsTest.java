package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.operate.watch.Objectives;
import dev.cairn.backup.core.point.PagedDataset;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProtectionsTest {

    private static final ThreadFactory DAEMONS = work -> {
        Thread thread = new Thread(work, "test protection");
        thread.setDaemon(true);
        return thread;
    };

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final PagedDataset data = new PagedDataset(6, 4);

    /** A state store whose file system hangs. */
    private final BlobStore hanging = new ForwardingStore(new MemoryBlobStore()) {
        @Override
        public List<BlobInfo> list(String prefix) {
            if (prefix.equals("spool")) {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return super.list(prefix);
        }
    };

    @Test
    void closingDoesNotWaitForAStoreThatHangsWhileProtectionBegins() throws Exception {
        Settings settings = settings();
        HealthBoard board = new HealthBoard();
        EventDispatcher events = new EventDispatcher(List.of(), null);
        Protections protections = new Protections(settings, board, events, new ContinuousSnapshots(null, board));
        Engine engine = Engine.open(settings, board, events, Runnable::run, protections);
        CompletableFuture<?> begun = CompletableFuture.runAsync(
                () -> protections.begin(engine), task -> DAEMONS.newThread(task).start());
        assertTrue(reached.await(120, TimeUnit.SECONDS));
        CompletableFuture<?> closed = CompletableFuture.runAsync(
                () -> protections.close(Duration.ZERO),
                task -> DAEMONS.newThread(task).start());
        closed.get(120, TimeUnit.SECONDS);
        released.countDown();
        begun.get(120, TimeUnit.SECONDS);
        assertTrue(data.source().calls().isEmpty() && data.source().position().isEmpty(), "nothing was started");
    }

    private Settings settings() {
        return new Settings(
                BrowsableRepository.at(new MemoryBlobStore()),
                hanging,
                new Epochs(hanging),
                Optional.empty(),
                List.of(data),
                Barrier.none(),
                Duration.ofSeconds(1),
                Optional.empty(),
                SnapshotNaming.sequential(),
                RestoreHooks.none(),
                List.of(),
                List.of(),
                List.of(),
                new RetentionPools(
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        Retention.keepAll(),
                        Retention.keepAll(),
                        Retention.keepAll()),
                Duration.ofDays(1),
                ShutdownPolicy.none(),
                InstantSource.system(),
                System::nanoTime,
                List.of(),
                DAEMONS,
                false,
                AuditTrail.none(),
                Objectives.none(),
                AlertPolicy.defaults(),
                Attestation.none(),
                Trust.NONE,
                TrashRetention.defaults(),
                null);
    }
}
