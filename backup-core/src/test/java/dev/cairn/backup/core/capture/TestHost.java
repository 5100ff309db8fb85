package dev.cairn.backup.core.capture;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.SettableTicker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A host with stores in memory, one fake dataset and clocks that stand still; managers made of it share everything but themselves. */
public final class TestHost {

    public final MemoryBlobStore blobs = new MemoryBlobStore();
    public final MemoryBlobStore stateBlobs = new MemoryBlobStore();
    /** The repository's store, where faults can be placed. */
    public final FaultyBlobStore store = FaultyBlobStore.over(blobs);
    /** The state store, where faults can be placed. */
    public final FaultyBlobStore state = FaultyBlobStore.over(stateBlobs);

    public final SettableClock clock = SettableClock.create();
    public final SettableTicker ticker = SettableTicker.create();
    public final FakeDataset data = FakeDataset.of("data").file("a", "first");
    public final AtomicLong version = new AtomicLong(1);
    public final List<BackupEvent> events = Collections.synchronizedList(new ArrayList<>());

    /** A builder for one process of this host; schedules run by the host, events are told on the calling thread. */
    public CairnBuilder builder() {
        return elsewhere(state).dataset(data);
    }

    /** The same without datasets, for another installation with a state store of its own. */
    public CairnBuilder elsewhere(dev.cairn.backup.spi.BlobStore otherState) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(store))
                .state(otherState)
                .clock(clock)
                .ticker(ticker)
                .callerThreadsOnly()
                .listener(events::add);
    }

    /** A manager with a version and everything else by default. */
    public SnapshotManager open() {
        return builder().projectionVersion(version::get).open();
    }

    /** The events of one kind, oldest first. */
    public <E extends BackupEvent> List<E> events(Class<E> kind) {
        synchronized (events) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    /** What the live data says. */
    public String live() {
        return data.disk().files().get("a");
    }
}
