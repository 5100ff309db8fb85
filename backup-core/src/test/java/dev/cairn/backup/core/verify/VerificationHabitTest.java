package dev.cairn.backup.core.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Mark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationHabitTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestHost host = new TestHost();
    private final BrowsableRepository repository = BrowsableRepository.at(host.blobs);
    private final List<String> verdicts = new ArrayList<>();

    private void snapshots(int count) {
        try (SnapshotManager backups = host.open()) {
            for (int i = 0; i < count; i++) {
                backups.create();
            }
        }
    }

    private VerificationHabit habit(VerificationPolicy policy) {
        return new VerificationHabit(repository, host.stateBlobs, policy, List.of("data"), host.clock);
    }

    private List<Kept> kept() {
        String lineage = repository.list().get(0) instanceof dev.cairn.backup.spi.StoredSnapshot.Committed committed
                ? committed.metadata().lineage()
                : "";
        return new Catalog(repository, lineage).kept();
    }

    private void run(VerificationPolicy policy, Pace pace) {
        habit(policy).run(kept(), pace, this::told);
    }

    private void told(VerificationReport report, boolean whole) {
        verdicts.add(report.snapshot() + (whole ? " whole " : " listed ") + (report.passed() ? "right" : "damaged"));
        if (whole || !report.passed()) {
            VerificationMarks.put(repository, report, host.clock.instant());
        }
    }

    /** Lets so many entries be begun. */
    private static Pace entries(int count) {
        int[] left = {count};
        return new Pace() {
            @Override
            public boolean goesOn() {
                return left[0] > 0;
            }

            @Override
            public void rest() {
                left[0]--; // Each file here is one piece.
            }
        };
    }

    @Test
    void theNewestComesFirstAndNothingIsReadTwice() {
        snapshots(3);
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        run(policy, Pace.FULL);
        assertEquals(List.of("snap-3 whole right", "snap-2 whole right", "snap-1 whole right"), verdicts);
        run(policy, Pace.FULL);
        assertEquals(3, verdicts.size(), "nothing is due");
        host.clock.advance(Duration.ofDays(7));
        run(policy, Pace.FULL);
        assertEquals(6, verdicts.size(), "all are due again");
    }

    @Test
    void theDepthRisesWithTheAge() {
        snapshots(1);
        VerificationPolicy policy = VerificationPolicy.of(MINUTE, MINUTE);
        run(policy, Pace.FULL);
        assertEquals(List.of("snap-1 listed right"), verdicts);
        host.clock.advance(Duration.ofDays(1));
        run(policy, Pace.FULL);
        assertEquals("snap-1 whole right", verdicts.get(1));
        host.clock.advance(Duration.ofDays(6));
        run(policy, Pace.FULL);
        assertEquals(2, verdicts.size(), "a week is not over");
        host.clock.advance(Duration.ofDays(1));
        run(policy, Pace.FULL);
        assertEquals("snap-1 whole right", verdicts.get(2));
    }

    @Test
    void aListingThatLacksAnEntryIsFoundWithoutReadingContent() {
        host.data.file("b", "more");
        snapshots(1);
        host.blobs.damage(BlobName.of("snap-1/snapshot/data/a"), "?".getBytes(StandardCharsets.UTF_8));
        run(VerificationPolicy.of(MINUTE, MINUTE), Pace.FULL);
        assertEquals(List.of("snap-1 listed right"), verdicts, "content is not what this depth is about");
        host.clock.advance(Duration.ofDays(1));
        run(VerificationPolicy.of(MINUTE, MINUTE), Pace.FULL);
        assertEquals("snap-1 whole damaged", verdicts.get(1));
        assertTrue(kept().get(0).isSuspect());
        run(VerificationPolicy.of(MINUTE, MINUTE), Pace.FULL);
        assertEquals(2, verdicts.size(), "known damage is not read again until it is due");
    }

    @Test
    void whatTheBudgetCutsOffGoesOnWhereItStoppedAlsoInAnotherProcess() {
        for (char name = 'b'; name < 'h'; name++) {
            host.data.file(String.valueOf(name), "content of " + name);
        }
        snapshots(1);
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        int runs = 0;
        while (verdicts.isEmpty() && runs < 20) {
            run(policy, entries(2));
            runs++;
        }
        assertEquals(List.of("snap-1 whole right"), verdicts);
        assertEquals(4, runs, "seven files, two a run");
        assertTrue(kept().get(0).has(Mark.Kind.VERIFIED));
    }

    @Test
    void damageInAPartThatAnEarlierRunReadIsNotForgotten() {
        host.data.file("b", "second").file("c", "third");
        snapshots(1);
        host.blobs.damage(BlobName.of("snap-1/snapshot/data/a"), "wrong".getBytes(StandardCharsets.UTF_8));
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        for (int i = 0; i < 5 && verdicts.isEmpty(); i++) {
            run(policy, entries(1));
        }
        assertEquals(List.of("snap-1 whole damaged"), verdicts);
    }

    @Test
    void aContentThatWasCutOffIsReadAgainFromItsBeginning() {
        snapshots(1);
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        Pace closing = new Pace() {
            @Override
            public boolean goesOn() {
                return true;
            }

            @Override
            public void rest() {
                throw new BackupCancelledException("a test");
            }
        };
        try {
            run(policy, closing);
        } catch (BackupCancelledException e) {
            verdicts.add("cut off");
        }
        run(policy, Pace.FULL);
        assertEquals(List.of("cut off", "snap-1 whole right"), verdicts);
    }

    @Test
    void oneThatIsRemovedMeanwhileIsNoDamage() {
        host.data.file("b", "second").file("c", "third");
        snapshots(2);
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        List<Kept> known = kept();
        repository.delete(SnapshotId.of("snap-2"));
        habit(policy).run(known, Pace.FULL, this::told);
        assertEquals(List.of("snap-1 whole right"), verdicts);
    }

    @Test
    void theManagerFollowsTheHabitAndMarksWhatItFound() {
        VerificationPolicy policy = VerificationPolicy.everyByte(MINUTE, MINUTE, Duration.ofDays(7));
        try (SnapshotManager backups = host.builder().verification(policy).open()) {
            SnapshotId first = backups.create().id();
            backups.runIfDue();
            assertEquals(Optional.of(host.clock.instant()), backups.lastVerified(first));
            assertEquals(Optional.empty(), backups.lastRestoreTested(first));
            SnapshotId second = backups.create().id();
            backups.runIfDue();
            assertEquals(Optional.empty(), backups.lastVerified(second), "a minute is not over");
            host.ticker.advance(MINUTE);
            backups.runIfDue();
            assertFalse(backups.lastVerified(second).isEmpty());
        }
        assertEquals(2, host.events(BackupEvent.VerificationFinished.class).size());
        try (SnapshotManager later = host.builder().verification(policy).open()) {
            SnapshotId third = later.create().id();
            later.runIfDue();
            assertEquals(Optional.empty(), later.lastVerified(third), "the last process has just run");
        }
    }

    @Test
    void rungsAreChosenByAge() {
        VerificationPolicy policy = VerificationPolicy.of(MINUTE, MINUTE);
        assertEquals(
                VerificationDepth.PRESENCE, policy.rung(Duration.ofSeconds(-5)).depth());
        assertEquals(
                VerificationDepth.PRESENCE, policy.rung(Duration.ofHours(23)).depth());
        assertEquals(VerificationDepth.CONTENT, policy.rung(Duration.ofDays(1)).depth());
        assertEquals(
                VerificationDepth.RESTORE, policy.rung(Duration.ofDays(400)).depth());
    }
}
