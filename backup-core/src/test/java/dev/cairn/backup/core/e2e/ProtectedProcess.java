package dev.cairn.backup.core.e2e;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A host with a protected ledger in a process of its own, under load until it is killed. Says what it has acknowledged, and which of that is kept. */
final class ProtectedProcess {

    /** When it says that it may be killed. */
    enum Moment {
        /** Once it is protected. */
        ANY,
        /** While a base is being stored. */
        BASE,
        /** While segments wait for a repository that has gone away. */
        SPOOL,
        /** While the repository could not be reached from the beginning. */
        DARK,
        /** While a VACUUM runs. */
        VACUUM
    }

    private final ProtectedLedger host;
    private final Moment moment;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean settled;

    private ProtectedProcess(Path home, Moment moment) {
        this.host = ProtectedLedger.packed(home);
        this.moment = moment;
    }

    /** Arguments: home, era, seed, moment. */
    public static void main(String[] args) throws Exception {
        new ProtectedProcess(Path.of(args[0]), Moment.valueOf(args[3]))
                .run(Integer.parseInt(args[1]), Long.parseLong(args[2]));
    }

    private void run(int era, long seed) throws Exception {
        host.listener = this::told;
        if (moment == Moment.DARK) {
            host.store.failFrom(1);
        }
        host.open();
        LedgerWriters writers = new LedgerWriters(host.database, era, seed, this::acknowledge, this::vacuuming);
        if (moment == Moment.DARK) {
            host.await("some work", () -> acknowledged.get() > 200);
            say("MOMENT");
            writers.close();
        }
        host.awaitProtected();
        settled = true;
        switch (moment) {
            case ANY -> say("MOMENT");
            case BASE -> takeBases();
            case SPOOL -> goOffline();
            default -> {}
        }
        followForEver();
    }

    private void told(BackupEvent event) {
        if (event instanceof BackupEvent.TimelineBegun begun) {
            say("TIMELINE " + begun.timeline() + " " + begun.gap() + " " + begun.why());
        }
    }

    private void acknowledge(Ledger.Committed committed) {
        say("ACK " + committed.number());
        acknowledged.accumulateAndGet(committed.number(), Math::max);
    }

    private void vacuuming() {
        say("VACUUM");
        if (settled && moment == Moment.VACUUM) {
            say("MOMENT");
        }
    }

    private void takeBases() {
        host.store.onCall(call -> {
            if (call.operation() == Operation.PUT && call.name().startsWith("packs/")) {
                say("MOMENT");
            }
        });
        host.manager().create();
    }

    private void goOffline() {
        host.store.failFrom(1);
        LogPosition before = kept().orElseThrow();
        host.await("a spool", () -> host.status().spoolBytes() > 0);
        host.await(
                "more in it",
                () -> kept().filter(now -> now.transaction() > before.transaction() + 100)
                        .isPresent());
        say("MOMENT");
    }

    private Optional<LogPosition> kept() {
        return host.status().kept();
    }

    /**
     * What was acknowledged before two segments were kept is in the second, because it was looked for after the first. Needs no clock.
     */
    private void followForEver() {
        while (true) {
            long known = acknowledged.get();
            LogPosition first = awaitKept(kept().orElseThrow()::equals);
            LogPosition second = awaitKept(first::equals);
            boolean same = second.timeline().equals(first.timeline());
            if (same && host.status().lastBase().isPresent() && isKeeping()) {
                say("SAFE " + known + " " + second.timeline());
            }
        }
    }

    private boolean isKeeping() {
        ProtectionStatus.State state = host.status().state();
        return state == ProtectionStatus.State.PROTECTED || state == ProtectionStatus.State.SPOOLING;
    }

    private LogPosition awaitKept(Predicate<LogPosition> old) {
        host.await("another segment", () -> kept().filter(old.negate()).isPresent());
        return kept().orElseThrow();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
