package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Random programs of backups, deletions, sweeps, restores and fences by three actors, any of which is suspended before any call and woken up at any later time. Campaign:
 * {@code -Dcairn.campaign=fence}.
 */
class ProgramTest {

    private static final int ACTORS = 3;

    private enum Verb {
        BACKUP,
        DELETE,
        SWEEP,
        RESTORE,
        FENCE,
        WAKE
    }

    /**
     * One step.
     *
     * @param actor who; one that sleeps is woken up instead
     * @param suspendBefore the call before which it falls asleep; 0 for none
     * @param choice which files, or which snapshot
     */
    private record Step(int actor, Verb verb, int suspendBefore, int choice) {}

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void noProgramLosesAnything(@ForAll("programs") List<List<Step>> programs) {
        programs.forEach(ProgramTest::run);
    }

    @Provide
    Arbitrary<List<List<Step>>> programs() {
        Arbitrary<Verb> verbs = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(5, Verb.BACKUP),
                net.jqwik.api.Tuple.of(3, Verb.DELETE),
                net.jqwik.api.Tuple.of(5, Verb.SWEEP),
                net.jqwik.api.Tuple.of(2, Verb.RESTORE),
                net.jqwik.api.Tuple.of(1, Verb.FENCE),
                net.jqwik.api.Tuple.of(2, Verb.WAKE));
        Arbitrary<Integer> suspensions = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 60)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, ACTORS - 1),
                        verbs,
                        suspensions,
                        Arbitraries.integers().between(0, 1 << 12))
                .as(Step::new)
                .list()
                .ofMinSize(4)
                .ofMaxSize(24)
                .list()
                .ofSize(SuspensionTest.campaign() ? 100 : 1);
    }

    private static void run(List<Step> program) {
        World world = World.create();
        List<String> story = new ArrayList<>();
        List<Actor> actors = new ArrayList<>();
        Map<Actor, Verb> doing = new HashMap<>();
        try {
            for (int i = 0; i < ACTORS; i++) {
                actors.add(new Actor(world.blobs(), store -> store));
            }
            for (Step step : program) {
                Actor actor = actors.get(step.actor());
                if (actor.isSuspended()) {
                    story.add(step.actor() + " wakes up");
                    actor.resume();
                    judge(actor, doing.get(actor), story);
                } else if (step.verb() != Verb.WAKE) {
                    doing.put(actor, step.verb());
                    actor.run(step.suspendBefore(), work(world, step));
                    story.add(step + (actor.isSuspended() ? " sleeps before " + actor.suspendedBefore() : ""));
                    judge(actor, step.verb(), story);
                }
            }
            for (Actor actor : actors) {
                if (actor.isSuspended()) {
                    story.add(actors.indexOf(actor) + " wakes up");
                    actor.resume();
                    judge(actor, doing.get(actor), story);
                }
            }
            world.assertWhole();
            world.settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(e.getMessage() + " after " + String.join(", ", story), e);
        } finally {
            actors.forEach(Actor::close);
        }
    }

    /** Nothing may fail but what was fenced or deleted under somebody's eyes. */
    private static void judge(Actor actor, Verb verb, List<String> story) {
        Throwable failure = actor.failure();
        if (actor.isSuspended() || failure == null) {
            return;
        }
        story.add("which fails with " + failure);
        boolean allowed = switch (verb) {
            case BACKUP, FENCE, DELETE -> failure instanceof StoreException;
            case RESTORE -> failure instanceof SnapshotNotFoundException;
            case SWEEP, WAKE -> false;
        };
        if (!allowed) {
            throw new AssertionError(verb + " failed: " + failure, failure);
        }
    }

    private static Consumer<PackedRepository> work(World world, Step step) {
        return switch (step.verb()) {
            case BACKUP -> repository -> world.backup(repository, newest(world), files(step.choice()));
            case DELETE -> repository -> any(world, step.choice()).ifPresent(id -> world.delete(repository, id));
            case SWEEP -> repository -> World.sweep(repository, step.choice() % 3 / 2.0);
            case RESTORE -> repository -> any(world, step.choice()).ifPresent(id -> world.restore(repository, id));
            case FENCE -> ProgramTest.fence(world);
            case WAKE -> repository -> {};
        };
    }

    private static Optional<SnapshotId> newest(World world) {
        List<SnapshotId> kept = world.kept();
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
    }

    private static Optional<SnapshotId> any(World world, int choice) {
        List<SnapshotId> kept = world.kept();
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(choice % kept.size()));
    }

    /** One to six files out of twelve. */
    private static Set<Integer> files(int choice) {
        Set<Integer> files = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            if ((choice >> i & 1) == 1 && files.size() < 6) {
                files.add(i);
            }
        }
        files.add(choice % 12);
        return files;
    }

    private static Consumer<PackedRepository> fence(World world) {
        return repository -> {
            for (StoredSnapshot stored : repository.list()) {
                if (stored instanceof StoredSnapshot.Invalid) {
                    world.fence(repository, stored.id());
                }
            }
        };
    }
}
