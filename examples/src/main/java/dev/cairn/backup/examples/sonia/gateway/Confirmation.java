package dev.cairn.backup.examples.sonia.gateway;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tool call that waits for the user's yes.
 *
 * @param confirmationId its id
 * @param sessionId whose
 * @param capability the tool
 * @param args what it would be called with
 * @param createdAt since when, ISO 8601 in UTC
 * @param ttl for how many seconds it waits
 */
public record Confirmation(
        String confirmationId,
        String sessionId,
        String capability,
        Map<String, String> args,
        String createdAt,
        long ttl) {

    /** Copies the arguments. */
    public Confirmation {
        args = Collections.unmodifiableMap(new TreeMap<>(args));
    }
}
