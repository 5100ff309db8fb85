package dev.cairn.backup.core.regress;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** A {@link TestHost} with a dataset on disk beside a value in memory, whose process can die in the middle of a restore. */
final class BrokenHost {

    static final SnapshotId FIRST = SnapshotId.of("snap-1");
    static final SnapshotId SECOND = SnapshotId.of("snap-2");

    /** The process is gone: whatever it still calls does not happen. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(String where) {
            super("the process died at " + where);
        }
    }

    final TestHost host = new TestHost();
    final FakeDataset disk = host.data.location(new Location(URI.create("file:///data"), ""));
    final AtomicReference<String> memory = new AtomicReference<>("first");

    /** A builder for one process with both datasets. */
    CairnBuilder builder() {
        return host.builder().dataset(value());
    }

    StateDataset<String> value() {
        return StateDataset.of("memory", JsonCodec.of(new ObjectMapper(), String.class), memory::get, memory::set);
    }

    /** A snapshot of the first state, then a process that restores it over the second and dies at the first call of that kind. */
    void dieWhileRestoring(Predicate<FaultyBlobStore.Call> at) {
        SnapshotManager dying = builder().open();
        dying.create();
        disk.file("a", "second");
        memory.set("second");
        boolean[] dead = {false};
        FaultyBlobStore.CallHook power = call -> {
            dead[0] |= at.test(call);
            if (dead[0]) {
                throw new Death(call.operation() + " " + call.name());
            }
        };
        host.state.onCall(power);
        host.store.onCall(power);
        try {
            dying.restore(dying.plan(RestoreRequest.of(FIRST)));
        } catch (Death | RuntimeException gone) {
            // The process is no more; what it would have told its caller nobody hears.
        }
        if (!dead[0]) {
            throw new AssertionError("the restore never came to the point where it was to die");
        }
        host.state.heal();
        host.store.heal();
        memory.set("what the next process starts with");
    }

    /** The disk is swapped after the value in memory, whose old form is durable by then. */
    static boolean swapOfTheDisk(FaultyBlobStore.Call call) {
        return call.operation() == FaultyBlobStore.Operation.PUT && call.name().endsWith("/journal/data/swapping");
    }

    /** Changes the content of file {@code a} in the repository without changing its size. */
    void damage(SnapshotId id) {
        putBack(id, "?".repeat(host.live().length()));
    }

    void putBack(SnapshotId id, String content) {
        host.blobs.damage(BlobName.of(id + "/snapshot/data/a"), content.getBytes(StandardCharsets.UTF_8));
    }

    /** What the repository says of a snapshot, seen past the manager. */
    List<Mark.Kind> marks(SnapshotId id) {
        return BrowsableRepository.at(host.blobs).marks(id).stream()
                .map(Mark::kind)
                .toList();
    }

    static RestoreReport restore(SnapshotManager manager, RestoreRequest request) {
        return manager.restore(manager.plan(request));
    }

    static List<String> ids(SnapshotManager manager) {
        return manager.list().stream().map(metadata -> metadata.id().value()).toList();
    }
}
