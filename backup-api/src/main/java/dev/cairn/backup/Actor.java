package dev.cairn.backup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who wants something, as far as the host knows. Immutable; each method answers a changed copy.
 *
 * @param id who calls, as the host has established it: a user, a service, or the interface that the call came through; not blank, at most {@link AuditEvent#MAX_ACTOR} characters, and none of the
 *     names that the engine uses for itself: {@code cairn} and those that begin with {@code schedule:}
 * @param member on whose behalf, if the host's policy decides by members; what the caller claims, until the policy has agreed; a blank one is none; at most {@link AuditEvent#MAX_TEXT} characters
 * @param remoteAddress the address of the other end of the connection, as the socket tells it and never as a header does; empty for a call from within the process; at most
 *     {@link AuditEvent#MAX_TEXT} characters
 */
public record Actor(String id, Optional<String> member, Optional<String> remoteAddress) {

    private static final String SCHEDULE = "schedule:";

    /**
     * Bounds the texts, as in {@link AuditEvent}.
     *
     * @throws InvalidValueException if the id is blank or one of the engine's
     */
    public Actor {
        if (id.isBlank() || id.equals("cairn") || id.startsWith(SCHEDULE)) {
            throw new InvalidValueException(
                    "actor", id, "a name that is not blank, not 'cairn' and does not begin with '" + SCHEDULE + "'");
        }
        id = AuditText.bounded(id, AuditEvent.MAX_ACTOR);
        member = member.filter(text -> !text.isBlank()).map(text -> AuditText.bounded(text, AuditEvent.MAX_TEXT));
        remoteAddress = remoteAddress.map(text -> AuditText.bounded(text, AuditEvent.MAX_TEXT));
    }

    /** A caller within the process, on nobody's behalf. */
    public static Actor of(String id) {
        return new Actor(id, Optional.empty(), Optional.empty());
    }

    /** On behalf of a member; null or blank, as a missing parameter of a request is, for nobody. */
    public Actor member(@Nullable String value) {
        return new Actor(
                id, Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty()), remoteAddress);
    }

    /** At the other end of a connection. */
    public Actor at(String address) {
        return new Actor(id, member, Optional.of(address));
    }
}
