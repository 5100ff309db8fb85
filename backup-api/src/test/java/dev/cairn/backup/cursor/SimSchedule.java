package dev.cairn.backup.cursor;

import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One random history of two sources and a host, told by its seed alone. Time is virtual. */
final class SimSchedule {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int STEPS = 40;
    /** A snapshot, acknowledgements, a restore, rewinds. */
    private static final int[] RESTLESS = {70, 78, 78, 88, 93, 93};

    private final SplittableRandom random;
    private final SimSource logged;
    private final SimSource stateful;
    private final SimHost host;
    /** Every fourth history rewinds, acknowledges, snapshots and restores more than it reads. */
    private final boolean restless;

    private final List<SimHost.Snapshot> snapshots = new ArrayList<>();
    private Instant now = START;
    private Instant lastInvalid = START;
    private long everCommitted;
    private int ids;

    private SimSchedule(long seed, HostMistake mistake, SimTally tally) {
        random = new SplittableRandom(seed);
        logged = new SimSource("log", false, random);
        stateful = new SimSource("panes", true, random);
        host = new SimHost(mistake, List.of(logged, stateful), now, tally);
        restless = random.nextInt(4) == 0;
    }

    /** Runs the history to its end; throws if the host has lost or doubled anything. */
    static void run(long seed, HostMistake mistake, SimTally tally) {
        SimSchedule schedule = new SimSchedule(seed, mistake, tally);
        for (int i = 0; i < STEPS; i++) {
            schedule.step();
        }
        schedule.host.drain(schedule.logged);
        schedule.host.drain(schedule.stateful);
    }

    private void step() {
        pass(Duration.ofSeconds(1 + random.nextInt(40)));
        SimSource source = random.nextBoolean() ? logged : stateful;
        int dice = restless && random.nextInt(3) == 0 ? RESTLESS[random.nextInt(RESTLESS.length)] : random.nextInt(100);
        if (dice < 24) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                source.append(now);
            }
        } else if (dice < 44) {
            host.fetch(source);
        } else if (dice < 62) {
            host.apply(source);
        } else if (dice < 66) {
            host.arriveLate();
        } else if (dice < 74) {
            takeSnapshot();
        } else if (dice < 82) {
            acknowledge(source);
        } else if (dice < 85) {
            host.crash();
        } else if (dice < 90) {
            restore();
        } else if (dice < 92) {
            invalidCursor(source);
        } else if (dice < 95) {
            host.rewind(source, 1 + random.nextInt(8));
        } else if (dice < 96) {
            pass(Duration.ofMinutes(1 + random.nextInt(25)));
        } else {
            disturb(dice);
        }
        everCommitted = Math.max(everCommitted, host.committed(stateful));
    }

    private void takeSnapshot() {
        SimHost.Snapshot snapshot = host.snapshot(SnapshotId.of("snap-" + ++ids));
        if (random.nextInt(10) == 0) {
            return; // It never became durable.
        }
        snapshots.add(snapshot);
        if (snapshots.size() > 3) {
            snapshots.remove(random.nextInt(2)); // The oldest goes, unless it is pinned.
        }
    }

    private void acknowledge(SimSource source) {
        List<RetainedCut> retained =
                snapshots.stream().map(SimHost.Snapshot::retained).toList();
        host.acknowledge(retained, source, random.nextInt(10) < 7);
    }

    /** Any snapshot whose events the source that has nothing else still keeps. */
    private void restore() {
        List<SimHost.Snapshot> young = snapshots.stream()
                .filter(one -> Duration.between(one.retained().takenAt(), now).compareTo(SimHost.HORIZON) <= 0)
                .toList();
        if (!young.isEmpty()) {
            host.restore(young.get(random.nextInt(young.size())));
        }
    }

    private void invalidCursor(SimSource source) {
        int times = source.hasState ? 1 + random.nextInt(4) : 1;
        if (!source.hasState && Duration.between(lastInvalid, now).compareTo(InvalidCursorTracker.WINDOW) < 0) {
            return; // It has no state of its own: a streak would be the loss of it.
        }
        for (int i = 0; i < times; i++) {
            host.invalidCursor(source);
        }
        lastInvalid = source.hasState ? lastInvalid : now;
    }

    /** What only a source with a state of its own may do: it is noticed at once, for the connection breaks. */
    private void disturb(int dice) {
        if (dice == 96 || dice == 97) {
            stateful.restart();
            everCommitted = 0;
        } else if (dice == 98) {
            stateful.compactByForce();
        } else {
            stateful.loseTail(everCommitted);
        }
        host.connect(stateful, false);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        host.now(now);
    }
}
