package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** One of two processes with one repository, to be killed: it writes, reads and deletes, or it sweeps and fences, until its end. It says what it is about to do and what it did. */
final class FencedHost {

    private static final int KEPT = 4;

    private final PackedRepository repository;
    private final Random random;

    private FencedHost(Path folder, long seed) {
        this.repository = Packed.at(FileBlobStore.at(folder));
        this.random = new Random(seed);
    }

    /** Arguments: folder, "write" or "sweep", seed. */
    public static void main(String[] args) {
        FencedHost host = new FencedHost(Path.of(args[0]), Long.parseLong(args[2]));
        while (true) {
            try {
                if (args[1].equals("write")) {
                    host.write();
                } else {
                    host.sweep();
                }
            } catch (StoreException | SnapshotNotFoundException e) {
                say("REFUSED " + e.getMessage()); // Fenced, or deleted under our eyes.
            } catch (RuntimeException | AssertionError e) {
                say("FAILED " + e);
                e.printStackTrace();
            }
        }
    }

    private void write() {
        List<SnapshotId> committed = committed();
        Optional<SnapshotId> parent =
                committed.isEmpty() ? Optional.empty() : Optional.of(committed.get(committed.size() - 1));
        SortedSet<Integer> files = new TreeSet<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            files.add(random.nextInt(24));
        }
        try (SnapshotWriter writer = World.begin(repository)) {
            World.write(writer, parent, files);
            say("ACK " + writer.id());
        }
        while (committed.size() >= KEPT) {
            SnapshotId oldest = committed.remove(random.nextInt(committed.size() - 1));
            say("DELETING " + oldest);
            repository.delete(oldest);
            say("DELETED " + oldest);
        }
        World.assertListedIsWhole(repository);
    }

    private void sweep() {
        World.sweep(repository, random.nextInt(3) / 2.0);
        say("SWEPT");
        if (random.nextInt(8) == 0) {
            for (StoredSnapshot stored : repository.list()) {
                if (stored instanceof StoredSnapshot.Invalid) {
                    fence(stored.id());
                }
            }
        }
    }

    /** As a prune of remnants does: whoever has committed meanwhile is deleted, so it says so before. */
    private void fence(SnapshotId id) {
        say("DELETING " + id);
        repository.delete(id);
    }

    private List<SnapshotId> committed() {
        List<SnapshotId> ids = new java.util.ArrayList<>();
        for (StoredSnapshot stored : repository.list()) {
            if (stored instanceof StoredSnapshot.Committed) {
                ids.add(stored.id());
            }
        }
        return ids;
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
