package dev.cairn.backup.sqlite;

import dev.cairn.backup.spi.ContinuousSource;
import java.time.Duration;

/** Protection that looks at the log only when it is told to: what happens between two looks is the test's to choose, however slow the machine is. */
public final class RareLooks {

    private RareLooks() {}

    /** The defaults but for the interval. */
    public static ContinuousProtection settings() {
        return settings(ContinuousProtection.defaults().limits().logBytes());
    }

    /** The same with a limit of the log. */
    public static ContinuousProtection settings(long walLimit) {
        ContinuousSource.Limits limits = ContinuousProtection.defaults().limits();
        return new ContinuousProtection(Duration.ofHours(1), walLimit, limits.spoolBytes(), limits.history());
    }
}
