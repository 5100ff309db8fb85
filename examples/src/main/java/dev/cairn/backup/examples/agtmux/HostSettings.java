package dev.cairn.backup.examples.agtmux;

import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.cursor.MonitorWindows;
import dev.cairn.backup.lifecycle.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a host is configured.
 *
 * @param data its own disk: the database, the audit trail and what the engine must remember
 * @param vault another disk: the repository and its key; several hosts may share one
 * @param policy how often snapshots are taken, how many are kept, how old one may be to be restored
 * @param horizon how old a snapshot may be for its events to be kept at the sources
 * @param restarts how often a start that fails is tried again
 * @param windows how long a restore is watched
 * @param time where time comes from
 */
public record HostSettings(
        Path data,
        Path vault,
        SnapshotPolicy policy,
        Duration horizon,
        RestartPolicy restarts,
        MonitorWindows windows,
        HostTime time) {

    /** As the runbook has it. Two snapshots in three are within the horizon; the oldest is restorable by a full resync. */
    public static HostSettings standard(Path data, Path vault, HostTime time) {
        return new HostSettings(
                data,
                vault,
                SnapshotPolicy.defaults(),
                Duration.ofMinutes(30),
                RestartPolicy.defaults(),
                MonitorWindows.defaults(),
                time);
    }

    /** With another policy. */
    public HostSettings policy(SnapshotPolicy value) {
        return new HostSettings(data, vault, value, horizon, restarts, windows, time);
    }

    /** With another horizon. */
    public HostSettings horizon(Duration value) {
        return new HostSettings(data, vault, policy, value, restarts, windows, time);
    }

    /** With other watches after a restore. */
    public HostSettings windows(MonitorWindows value) {
        return new HostSettings(data, vault, policy, horizon, restarts, value, time);
    }

    /** The database. */
    public Path database() {
        return data.resolve("agtmux.db");
    }
}
