package dev.cairn.backup.core.ship;

import dev.cairn.backup.ProtectionStatus;

/** Told what happens to the shipping of a dataset, on whichever thread it happens; must be quick and must not call back. What it throws is logged. */
public interface ShippingListener {

    /** A timeline has begun and is durable. */
    void begun(Timeline timeline);

    /** The state is not what was told last. */
    void changed(ProtectionStatus status);

    /** Part of what was kept cannot be stored: a damaged segment in the spool, or somebody else ships the dataset too. The timeline ends there; a new one will begin. */
    void lost(String timeline, String problem);
}
