package dev.cairn.backup.cli.command;

import dev.cairn.backup.RestoreDryRun;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreVerdict;
import java.time.Duration;

/** Verdicts as answers name them. */
final class Verdicts {

    static final String OK = "ok";
    static final String OLD = "too_old";
    static final String AHEAD = "version_ahead";

    /** How a snapshot that is too old is approved of. */
    static final String APPROVAL = "--approve-too-old --as NAME --reason TEXT";

    private Verdicts() {}

    static String code(RestoreVerdict verdict) {
        if (verdict instanceof RestoreVerdict.TooOld) {
            return OLD;
        }
        return verdict instanceof RestoreVerdict.VersionAhead ? AHEAD : OK;
    }

    static Duration age(RestorePlan plan) {
        return new RestoreDryRun(plan.snapshot(), plan.plannedAt()).age();
    }
}
