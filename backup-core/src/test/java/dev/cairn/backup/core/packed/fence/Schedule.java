package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One interleaving: some actors are suspended in the middle of their work, others delete, sweep and write beside them, then the suspended ones wake up.
 * Whatever is left must be whole, and clean after some more sweeps.
 */
final class Schedule {

    /** What a suspended actor was about. */
    enum Work {
        WRITE,
        SWEEP,
        READ
    }

    /** What others do while somebody sleeps; all of them delete two of three snapshots first, a prune the third one as well. */
    enum Beside {
        SWEEP,
        FENCE_AND_SWEEP,
        WRITE
    }

    /**
     * A suspended actor.
     *
     * @param work what it does
     * @param before the call before which it is suspended, from 1
     */
    record Sleeper(Work work, long before) {}

    private static final SnapshotId FIRST = SnapshotId.of("snap-1");
    private static final SnapshotId SECOND = SnapshotId.of("snap-2");
    private static final SnapshotId THIRD = SnapshotId.of("snap-3");
    private static final World PREPARED = prepared();

    private final World world = PREPARED.copy();
    private final Mistakes mistakes;
    private final Beside beside;
    private final List<String> story = new ArrayList<>();

    private Schedule(Mistakes mistakes, Beside beside) {
        this.mistakes = mistakes;
        this.beside = beside;
    }

    /** Three snapshots that share chunks, each with a pack of its own. */
    private static World prepared() {
        World world = World.create();
        try (PackedRepository repository = dev.cairn.backup.core.packed.Packed.at(world.blobs())) {
            SnapshotId first = world.backup(repository, Optional.empty(), List.of(1, 2, 3, 4, 5, 6, 7, 8));
            SnapshotId second = world.backup(repository, Optional.of(first), List.of(5, 6, 7, 8, 9, 10, 11, 12));
            world.backup(repository, Optional.of(second), List.of(9, 10, 20, 21, 22));
        }
        return world;
    }

    /**
     * Runs one.
     *
     * @param beside what others do meanwhile
     * @param seed decides who wakes up first
     * @return whether every sleeper was suspended; if not, it had ended before that call
     * @throws AssertionError if anything was lost or left; it tells the story
     */
    static boolean run(Mistakes mistakes, Beside beside, long seed, Sleeper... sleepers) {
        return new Schedule(mistakes, beside).run(new Random(seed), List.of(sleepers));
    }

    private boolean run(Random random, List<Sleeper> sleepers) {
        List<Actor> asleep = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        boolean reached = true;
        try (Actor writer = new Actor(world.blobs(), mistakes.writer());
                Actor sweeper = new Actor(world.blobs(), mistakes.sweeper());
                Actor pruner = new Actor(world.blobs(), mistakes.fencer())) {
            try {
                warm(writer);
                for (Sleeper sleeper : sleepers) {
                    Actor actor = actor(sleeper.work());
                    warm(actor);
                    if (sleeper.work() == Work.SWEEP) {
                        deleteTwo(pruner);
                    }
                    actor.run(sleeper.before(), repository -> work(sleeper.work(), repository));
                    story.add(sleeper.work() + " suspended before call " + sleeper.before() + ", "
                            + actor.suspendedBefore());
                    reached &= actor.isSuspended();
                    asleep.add(actor);
                    works.add(sleeper.work());
                }
                deleteTwo(pruner);
                if (beside == Beside.FENCE_AND_SWEEP) {
                    run(pruner, "a prune", this::fenceAll);
                    run(pruner, "a deletion", repository -> world.delete(repository, THIRD));
                }
                if (beside == Beside.WRITE) {
                    backup(writer);
                } else {
                    run(sweeper, "a sweep", World::sweep);
                    run(sweeper, "a sweep", World::sweep);
                    backup(writer);
                    run(sweeper, "a sweep", World::sweep);
                }
                while (!asleep.isEmpty()) {
                    int next = random.nextInt(asleep.size());
                    wake(asleep.remove(next), works.remove(next));
                }
                world.assertWhole();
                world.settle();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + " after " + story, e);
            } finally {
                asleep.forEach(Actor::close);
            }
        }
        return reached;
    }

    private void backup(Actor writer) {
        run(writer, "a backup", repository -> world.backup(repository, Optional.empty(), List.of(1, 2, 5, 20)));
    }

    private Actor actor(Work work) {
        return switch (work) {
            case WRITE -> new Actor(world.blobs(), mistakes.writer());
            case SWEEP -> new Actor(world.blobs(), mistakes.sweeper());
            case READ -> new Actor(world.blobs(), store -> store);
        };
    }

    /** A process that has run for a while knows the index from before. */
    private void warm(Actor actor) {
        actor.run(0, repository -> world.restore(repository, world.kept().get(0)));
    }

    private void work(Work work, PackedRepository repository) {
        switch (work) {
            case WRITE -> world.backup(repository, Optional.of(SECOND), List.of(1, 6, 11, 30));
            case SWEEP -> World.sweep(repository);
            case READ -> world.restore(repository, SECOND);
        }
    }

    private void deleteTwo(Actor pruner) {
        run(pruner, "deletions", repository -> {
            world.delete(repository, FIRST);
            world.delete(repository, SECOND);
        });
    }

    private void fenceAll(PackedRepository repository) {
        for (StoredSnapshot stored : repository.list()) {
            if (stored instanceof StoredSnapshot.Invalid) {
                try {
                    world.delete(repository, stored.id());
                } catch (StoreException e) {
                    story.add(e.getMessage());
                }
            }
        }
    }

    private void run(Actor actor, String what, java.util.function.Consumer<PackedRepository> work) {
        actor.run(0, work);
        story.add(what);
        rethrow(what, actor.failure());
    }

    private void wake(Actor actor, Work work) {
        actor.resume();
        story.add(work + " wakes up and ends with " + actor.failure());
        Throwable failure = actor.failure();
        actor.close();
        boolean allowed = switch (work) {
            case WRITE ->
                beside == Beside.FENCE_AND_SWEEP && failure instanceof StoreException
                        || failure instanceof SnapshotExistsException;
            case READ -> failure instanceof SnapshotNotFoundException;
            case SWEEP -> false;
        };
        if (!allowed) {
            rethrow(work.toString(), failure);
        }
    }

    private static void rethrow(String what, @Nullable Throwable failure) {
        if (failure != null) {
            throw new AssertionError(what + " failed: " + failure, failure);
        }
    }
}
