package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.cursor.HaltReason;
import java.time.Instant;

/**
 * A source is not read any more, because no recovery of its cursor is right.
 *
 * @param at when
 * @param source the source
 * @param reason why
 */
public record SourceHalted(Instant at, String source, HaltReason reason) implements BackupEvent {

    @Override
    public AlertSeverity severity() {
        return AlertSeverity.ESCALATE;
    }

    @Override
    public String describe() {
        return "source '" + source + "' is halted: " + reason + "; register it anew, or let it catch up";
    }
}
