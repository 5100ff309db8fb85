package dev.cairn.backup;

import dev.cairn.backup.AuditEvent.IncidentCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that went wrong and that somebody has to look at. Immutable.
 *
 * @param id its id, given by the log and never given again, such as {@code incident-17}
 * @param report what was reported
 * @param closing who closed it, when and why; empty while it is open
 */
public record Incident(String id, Report report, Optional<Closing> closing) {

    /** A snapshot has no manifest, so it cannot be restored. */
    public static final String MANIFEST_MISSING = "backup_manifest_missing";

    /** A snapshot failed. */
    public static final String CREATE_FAILED = "backup_create_failed";

    /** A restore failed. */
    public static final String RESTORE_FAILED = "backup_restore_failed";

    /** A verification found damage. */
    public static final String VERIFY_FAILED = "backup_verify_failed";

    /** A snapshot or a receipt was deleted, altered, exchanged, put back or added behind the installation's back. */
    public static final String CHAIN_BROKEN = "backup_chain_broken";

    /** A drill failed: a restore would not do what it should. */
    public static final String DRILL_FAILED = "backup_drill_failed";

    /** A snapshot is of a newer version than the host ever had. */
    public static final String VERSION_AHEAD = "snapshot_version_ahead";

    /** An alert about the host's protection has been standing for long. */
    public static final String PROTECTION_AT_RISK = "backup_protection_at_risk";

    /** Greatest number of characters of a description. */
    public static final int MAX_DESCRIPTION = 4096;

    /** Greatest number of related ids. */
    public static final int MAX_RELATED = 32;

    /**
     * What somebody reports. Texts that are too long are cut, as in {@link AuditEvent}.
     *
     * @param at when it happened
     * @param actor who reports it; at most {@link AuditEvent#MAX_ACTOR} characters
     * @param kind what kind of incident, and how bad
     * @param description what happened, for people; at most {@value #MAX_DESCRIPTION} characters
     * @param related the ids of what it is about, such as snapshots; at most {@value #MAX_RELATED} of at most {@link AuditEvent#MAX_TEXT} characters
     */
    public record Report(Instant at, String actor, IncidentCode kind, String description, List<String> related) {

        /** @throws InvalidValueException if there are too many related ids */
        public Report {
            if (related.size() > MAX_RELATED) {
                throw new InvalidValueException("number of related ids", related.size(), "at most " + MAX_RELATED);
            }
            actor = AuditText.bounded(actor, AuditEvent.MAX_ACTOR);
            description = AuditText.bounded(description, MAX_DESCRIPTION);
            related = related.stream()
                    .map(id -> AuditText.bounded(id, AuditEvent.MAX_TEXT))
                    .toList();
        }
    }

    /**
     * The end of an incident.
     *
     * @param at when
     * @param actor who closed it; not blank, at most {@link AuditEvent#MAX_ACTOR} characters
     * @param reason why; not blank, at most {@value #MAX_DESCRIPTION} characters
     */
    public record Closing(Instant at, String actor, String reason) {

        /** @throws InvalidValueException if either text is blank */
        public Closing {
            if (actor.isBlank() || reason.isBlank()) {
                throw new InvalidValueException("actor and reason", actor + ", " + reason, "a name and a reason");
            }
            actor = AuditText.bounded(actor, AuditEvent.MAX_ACTOR);
            reason = AuditText.bounded(reason, MAX_DESCRIPTION);
        }
    }
}
