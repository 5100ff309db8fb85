package dev.cairn.backup.examples.sonia.gateway;

import dev.cairn.backup.InvalidValueException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tool call that failed for good and waits for somebody.
 *
 * @param id its id, for ever
 * @param sessionId whose
 * @param capability the tool
 * @param args what it was called with
 * @param error why it failed
 * @param failedAt when, ISO 8601 in UTC
 * @param replayed whether somebody has had it done again since
 */
public record DeadLetter(
        String id,
        String sessionId,
        String capability,
        Map<String, String> args,
        String error,
        String failedAt,
        boolean replayed) {

    /**
     * Copies the arguments.
     *
     * @throws InvalidValueException if the id or the capability is missing
     */
    @SuppressWarnings("NullAway") // JSON may lack any of them.
    public DeadLetter {
        if (id == null || id.isBlank()) {
            throw new InvalidValueException("id of a dead letter", id, "a text that is not blank");
        }
        if (capability == null || capability.isBlank()) {
            throw new InvalidValueException(
                    "capability of dead letter '" + id + "'", capability, "a text that is not blank");
        }
        args = args == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(args));
    }

    DeadLetter afterReplay() {
        return new DeadLetter(id, sessionId, capability, args, error, failedAt, true);
    }
}
