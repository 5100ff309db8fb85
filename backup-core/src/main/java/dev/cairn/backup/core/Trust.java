package dev.cairn.backup.core;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.spi.ScratchSpace;
import java.util.Optional;

/**
 * What a host has configured to be done so that its snapshots can be trusted.
 *
 * @param verification in the background
 * @param drills on a schedule
 */
record Trust(Optional<VerificationPolicy> verification, Optional<DrillPolicy> drills) {

    /** Nothing by itself. */
    static final Trust NONE = new Trust(Optional.empty(), Optional.empty());

    /** @throws ConfigurationException if drills are wanted and there is no room for them */
    void requireRoom(Optional<ScratchSpace> scratch) {
        if (scratch.isEmpty()
                && drills.filter(policy -> policy.request().room().isEmpty()).isPresent()) {
            throw new ConfigurationException(
                    "Drills are scheduled and there is no scratch room to restore to",
                    "Configure scratch(…), or give their request a room(…)");
        }
    }

    Trust with(VerificationPolicy policy) {
        return new Trust(Optional.of(policy), drills);
    }

    Trust with(DrillPolicy policy) {
        return new Trust(verification, Optional.of(policy));
    }
}
