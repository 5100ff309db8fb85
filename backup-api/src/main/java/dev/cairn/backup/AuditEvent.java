package dev.cairn.backup;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who did what to what, when, and what became of it. Immutable.
 *
 * <p>Texts that are too long are cut and end with the number of characters that they had; half surrogate pairs become U+FFFD. They are not refused,
 * because what is denied is often malformed, and must be in the trail all the same.
 *
 * @param at when, by the wall clock
 * @param actor who; empty if nobody said who they are; at most {@value #MAX_ACTOR} characters
 * @param action what, such as {@code snapshot.restore}; not blank, at most {@value #MAX_ACTION} characters
 * @param target to what, such as a snapshot's id; may be empty; at most {@value #MAX_TEXT} characters
 * @param outcome what became of it
 * @param details what else is to be known, by name, sorted; at most {@value #MAX_DETAILS} with names of 1 to {@value #MAX_NAME} and values of at most
 *     {@value #MAX_TEXT} characters
 * @param incident the code and severity of the incident that it is about, if it is about one
 */
public record AuditEvent(
        Instant at,
        String actor,
        String action,
        String target,
        AuditOutcome outcome,
        Map<String, String> details,
        Optional<IncidentCode> incident) {

    /** Greatest number of characters of an actor. */
    public static final int MAX_ACTOR = 256;

    /** Greatest number of characters of an action. */
    public static final int MAX_ACTION = 128;

    /** Greatest number of characters of a target and of a detail's value. */
    public static final int MAX_TEXT = 1024;

    /** Greatest number of characters of a detail's name. */
    public static final int MAX_NAME = 64;

    /** Greatest number of details. */
    public static final int MAX_DETAILS = 32;

    /**
     * What kind of incident, and how bad.
     *
     * @param code the kind, such as {@code backup_create_failed}: 1 to {@value #MAX_CODE} characters of {@code A-Z a-z 0-9 . _ -}
     * @param severity how bad
     */
    public record IncidentCode(String code, AlertSeverity severity) {

        /** Greatest number of characters of a code. */
        public static final int MAX_CODE = 64;

        /** @throws InvalidValueException if the code is not allowed */
        public IncidentCode {
            if (!code.matches("[A-Za-z0-9._-]{1," + MAX_CODE + "}")) {
                throw new InvalidValueException(
                        "incident code", code, "1 to " + MAX_CODE + " characters of A-Z a-z 0-9 . _ -");
            }
        }
    }

    /**
     * Copies and bounds the values.
     *
     * @throws InvalidValueException if the action is blank, or there are too many details or one without a proper name
     */
    public AuditEvent {
        if (action.isBlank()) {
            throw new InvalidValueException("action", action, "a name such as snapshot.restore");
        }
        actor = AuditText.bounded(actor, MAX_ACTOR);
        action = AuditText.bounded(action, MAX_ACTION);
        target = AuditText.bounded(target, MAX_TEXT);
        details = bounded(details);
    }

    private static Map<String, String> bounded(Map<String, String> details) {
        if (details.size() > MAX_DETAILS) {
            throw new InvalidValueException("number of details", details.size(), "at most " + MAX_DETAILS);
        }
        SortedMap<String, String> sorted = new TreeMap<>();
        details.forEach((name, value) -> {
            if (name.isEmpty()
                    || name.length() > MAX_NAME
                    || name.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
                throw new InvalidValueException(
                        "name of a detail", name, "1 to " + MAX_NAME + " characters of the basic plane");
            }
            sorted.put(name, AuditText.bounded(value, MAX_TEXT));
        });
        return Collections.unmodifiableSortedMap(sorted);
    }

    /** Something that was permitted and done. */
    public static AuditEvent allowed(Instant at, String actor, String action, String target) {
        return new AuditEvent(at, actor, action, target, AuditOutcome.ALLOWED, Map.of(), Optional.empty());
    }

    /** Something that was refused. */
    public static AuditEvent denied(Instant at, String actor, String action, String target) {
        return new AuditEvent(at, actor, action, target, AuditOutcome.DENIED, Map.of(), Optional.empty());
    }

    /** Something that was permitted and went wrong. */
    public static AuditEvent failed(Instant at, String actor, String action, String target) {
        return new AuditEvent(at, actor, action, target, AuditOutcome.FAILED, Map.of(), Optional.empty());
    }

    /** With one more detail, or another value for one. */
    public AuditEvent detail(String name, String value) {
        Map<String, String> more = new TreeMap<>(details);
        more.put(name, value);
        return new AuditEvent(at, actor, action, target, outcome, more, incident);
    }

    /** With the incident that it is about. */
    public AuditEvent incident(String code, AlertSeverity severity) {
        return new AuditEvent(
                at, actor, action, target, outcome, details, Optional.of(new IncidentCode(code, severity)));
    }
}
