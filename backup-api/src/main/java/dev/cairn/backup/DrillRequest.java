package dev.cairn.backup;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ScratchSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller wants rehearsed. Immutable; each method answers a changed copy.
 *
 * @param target the snapshot; empty for the newest good one that holds all the named datasets
 * @param datasets which of its datasets
 * @param rpo the greatest age of a snapshot that the host can live with; the first step fails if it is older. 24 hours by default
 * @param rto the longest time that restoring and checking may take; the drill fails if they take longer. 30 minutes by default
 * @param stepTimeout how long restoring or comparing one dataset may take, an hour by default
 * @param checks the host's checks, in order, after those of the datasets
 * @param control whether a deliberately damaged copy must make the drill's own checks fail; they prove nothing if it does not
 * @param room where to restore to; empty for the manager's scratch room
 * @param incidents where the bundle of a failed drill is put; empty for the state store, which keeps the last 10
 * @param cancellation asks it to stop
 */
public record DrillRequest(
        Optional<SnapshotId> target,
        DatasetSelection datasets,
        Duration rpo,
        Duration rto,
        Duration stepTimeout,
        List<DrillCheck> checks,
        boolean control,
        Optional<ScratchSpace> room,
        Optional<BlobStore> incidents,
        CancellationToken cancellation) {

    private static final Duration RPO = Duration.ofHours(24);
    private static final Duration RTO = Duration.ofMinutes(30);
    private static final Duration STEP = Duration.ofHours(1);

    /** @throws InvalidValueException if a time is not positive or two checks have one name */
    public DrillRequest {
        checks = List.copyOf(checks);
        positive("rpo", rpo);
        positive("rto", rto);
        positive("stepTimeout", stepTimeout);
        Set<String> names = new HashSet<>();
        for (DrillCheck check : checks) {
            if (!names.add(check.name())) {
                throw new InvalidValueException("name of a drill's check", check.name(), "each name once");
            }
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(name, value, "more than zero");
        }
    }

    /** All datasets of the newest good snapshot. */
    public static DrillRequest latest() {
        return new DrillRequest(
                Optional.empty(),
                DatasetSelection.all(),
                RPO,
                RTO,
                STEP,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                new CancellationToken());
    }

    /** All datasets of that snapshot, of any lineage in the repository. */
    public static DrillRequest of(SnapshotId snapshot) {
        DrillRequest latest = latest();
        return new DrillRequest(
                Optional.of(snapshot),
                latest.datasets,
                RPO,
                RTO,
                STEP,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                latest.cancellation);
    }

    /** Only some datasets. */
    public DrillRequest datasets(DatasetSelection value) {
        return new DrillRequest(target, value, rpo, rto, stepTimeout, checks, control, room, incidents, cancellation);
    }

    /** With other targets. */
    public DrillRequest objectives(Duration greatestAge, Duration longestRestore) {
        return new DrillRequest(
                target,
                datasets,
                greatestAge,
                longestRestore,
                stepTimeout,
                checks,
                control,
                room,
                incidents,
                cancellation);
    }

    /** With another time for each dataset's steps. */
    public DrillRequest stepTimeout(Duration value) {
        return new DrillRequest(target, datasets, rpo, rto, value, checks, control, room, incidents, cancellation);
    }

    /** With one more check of the host's. */
    public DrillRequest check(String name, Duration timeout, DrillCheck.Test test) {
        List<DrillCheck> more = new ArrayList<>(checks);
        more.add(new DrillCheck(name, timeout, test));
        return new DrillRequest(target, datasets, rpo, rto, stepTimeout, more, control, room, incidents, cancellation);
    }

    /** With the control: a damaged copy must be found out. It costs a second restore, whose time counts for no target. */
    public DrillRequest withControl() {
        return new DrillRequest(target, datasets, rpo, rto, stepTimeout, checks, true, room, incidents, cancellation);
    }

    /** Restores into that room, such as one on another disk. */
    public DrillRequest room(ScratchSpace value) {
        return new DrillRequest(
                target, datasets, rpo, rto, stepTimeout, checks, control, Optional.of(value), incidents, cancellation);
    }

    /** Puts the bundle of a failed drill there, in a folder named after the drill. The store stays open. */
    public DrillRequest incidents(BlobStore value) {
        return new DrillRequest(
                target, datasets, rpo, rto, stepTimeout, checks, control, room, Optional.of(value), cancellation);
    }

    /** With a token that can stop it. */
    public DrillRequest cancellation(CancellationToken value) {
        return new DrillRequest(target, datasets, rpo, rto, stepTimeout, checks, control, room, incidents, value);
    }
}
