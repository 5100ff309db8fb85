package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.lifecycle.SourceHealth;
import dev.cairn.backup.lifecycle.SourceState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the sources stand, and up to where they were ever acknowledged. The first goes back with a restore, the second never: an acknowledgement cannot be taken back.
 *
 * @param database where they are
 */
record SourceRows(StateDatabase database) {

    List<SourceHealth> all() {
        return database.query(
                "SELECT source_kind, state, since_ms FROM source_health_v2 ORDER BY source_kind",
                row -> new SourceHealth(
                        row.getString(1), SourceState.valueOf(row.getString(2)), Instant.ofEpochMilli(row.getLong(3))));
    }

    Optional<SourceHealth> health(String source) {
        return all().stream().filter(health -> health.source().equals(source)).findFirst();
    }

    void store(SourceHealth health) {
        database.run(
                "INSERT OR REPLACE INTO source_health_v2 VALUES(?, ?, ?)",
                health.source(),
                health.state().name(),
                health.since().toEpochMilli());
    }

    long acknowledged(String source, String incarnation) {
        return database.number(
                "SELECT position FROM acknowledged WHERE source_kind = ? AND incarnation = ?", source, incarnation);
    }

    void acknowledged(String source, String incarnation, long position) {
        database.run("INSERT OR REPLACE INTO acknowledged VALUES(?, ?, ?)", source, incarnation, position);
    }
}
