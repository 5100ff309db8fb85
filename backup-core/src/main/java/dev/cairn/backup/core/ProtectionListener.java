package dev.cairn.backup.core;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.ship.ShippingListener;
import dev.cairn.backup.core.ship.Timeline;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Passes on what happens to the protection of one dataset, and asks for the base that an earlier process did not get to. Thread-safe. */
final class ProtectionListener implements ShippingListener {

    private final String dataset;
    private final InstantSource clock;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final BaseTaking bases;
    private volatile @Nullable String begun;

    ProtectionListener(
            String dataset, InstantSource clock, HealthBoard board, EventDispatcher events, BaseTaking bases) {
        this.dataset = dataset;
        this.clock = clock;
        this.board = board;
        this.events = events;
        this.bases = bases;
    }

    /** Under which the health board keeps the problems of a dataset's protection. */
    static String key(String dataset) {
        return "protection " + dataset;
    }

    /** Whatever was lost before, from its base on nothing is. */
    @Override
    public void begun(Timeline timeline) {
        begun = timeline.id();
        board.solved(key(dataset));
        events.publish(
                new BackupEvent.TimelineBegun(clock.instant(), dataset, timeline.id(), timeline.why(), timeline.gap()));
    }

    @Override
    public void changed(ProtectionStatus status) {
        events.publish(new BackupEvent.ProtectionChanged(clock.instant(), status));
        boolean continued = status.kept()
                .filter(position -> !position.timeline().equals(begun))
                .isPresent();
        if (status.state() == ProtectionStatus.State.STARTING && continued) {
            bases.want(dataset, "an earlier process ended before it had one on this timeline");
        }
    }

    @Override
    public void lost(String timeline, String problem) {
        board.problem(
                key(dataset),
                "part of the change log of dataset '" + dataset + "' on timeline " + timeline + " is lost: " + problem);
    }
}
