package dev.cairn.backup.core.point;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A timeline is listed to find a point and not again to read it; what was seen then is not believed where it may be wrong by now. */
class KnownRunsTest {

    private final PagedHost host = PagedHost.browsable();
    private final AtomicInteger listings = new AtomicInteger();
    private SnapshotManager manager;
    private SnapshotRepository repository;
    private RestorePoints points;

    @BeforeEach
    void open() {
        manager = host.protectedHost();
        repository = BrowsableRepository.at(host.store);
        repository.open();
        points = new RestorePoints(repository.segments().map(ChangeLogs::new), () -> manager.list());
    }

    @AfterEach
    void close() {
        repository.close();
        manager.close();
    }

    private void transactions(int count) {
        for (int i = 0; i < count; i++) {
            host.clock.advance(Duration.ofSeconds(10));
            host.data.commit(6, (int) (host.data.source().written() + 2), 1 + i % 6);
        }
        host.uploaded(manager);
    }

    private LogPosition position(long transaction) {
        return new LogPosition(host.data.source().position().orElseThrow().timeline(), transaction);
    }

    private RestorePoint found(long transaction) {
        return manager.restorePoint(PagedDataset.NAME, position(transaction));
    }

    private void countListings() {
        String timeline = position(0).timeline();
        host.store.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.LIST
                    && call.name().contains(timeline)) {
                listings.incrementAndGet();
            }
        });
    }

    private void assertReads(RestorePoint point) {
        try (SnapshotReader reader = points.read(repository.read(point.base()), point)) {
            assertArrayEquals(host.data.at(point.position()), PagedDataset.pieces(reader.dataset(PagedDataset.NAME)));
        }
    }

    @Test
    void aPointThatWasFoundIsPlannedWithoutListingItsTimelineAgain() {
        transactions(3);
        countListings();
        RestorePoint point = found(2);
        int toFind = listings.getAndSet(0);

        manager.plan(RestoreRequest.of(point));

        assertEquals(1, toFind, "the timeline is listed to find the point");
        assertEquals(0, listings.get());
    }

    @Test
    void aPointThatCameLaterIsFoundByListingAnew() {
        transactions(2);
        points.windows(PagedDataset.NAME);
        transactions(3);
        countListings();

        assertReads(found(5));
        int withLaterOnes = listings.getAndSet(0);
        assertReads(found(4));

        assertEquals(2, withLaterOnes, "once by the manager that finds, once by who reads");
        assertEquals(1, listings.get(), "by the manager that finds");
    }

    @Test
    void aPointThatAnotherFoundIsReadByWhoHasNeverListed() {
        transactions(3);

        assertReads(found(1));
        assertReads(found(3));
    }

    @Test
    void aPointIsReadAlsoWhenSegmentsBeforeItsBaseWereRemovedMeanwhile() {
        transactions(4);
        manager.create();
        transactions(3);
        points.windows(PagedDataset.NAME);
        for (long number = 1; number <= 3; number++) {
            assertTrue(host.blobs.delete(
                    BlobName.of(".cairn/segments/" + position(0).timeline() + "/" + "%019d".formatted(number))));
        }

        assertReads(found(5));
        assertReads(found(7));
    }
}
