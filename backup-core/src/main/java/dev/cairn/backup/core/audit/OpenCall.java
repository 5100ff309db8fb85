package dev.cairn.backup.core.audit;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditOutcome;
import dev.cairn.backup.Operation;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An operation under way and what its events have told of it so far. For the one thread that does it. */
final class OpenCall {

    private final String actor;
    private final boolean named;
    private final Map<String, String> who;
    private final Operation operation;
    private boolean told;
    private boolean withheld;
    private @Nullable AuditEvent held;

    private OpenCall(String actor, boolean named, Map<String, String> who, Operation operation) {
        this.actor = actor;
        this.named = named;
        this.who = who;
        this.operation = operation;
    }

    /** By somebody the host has named. */
    static OpenCall of(Actor actor, Operation operation) {
        return of(actor, true, operation);
    }

    /** By the host, which has not told for whom. */
    static OpenCall ofHost(Actor host, Operation operation) {
        return of(host, false, operation);
    }

    private static OpenCall of(Actor actor, boolean named, Operation operation) {
        Map<String, String> who = new TreeMap<>();
        actor.member().ifPresent(member -> who.put("member", member));
        actor.remoteAddress().ifPresent(address -> who.put("remote", address));
        return new OpenCall(actor.id(), named, who, operation);
    }

    /** By the engine itself. */
    static OpenCall of(String engine, Operation operation) {
        return new OpenCall(engine, true, Map.of(), operation);
    }

    /** With more details for its lines. */
    OpenCall saying(Map<String, String> said) {
        Map<String, String> more = new TreeMap<>(said);
        more.putAll(who);
        return new OpenCall(actor, named, more, operation);
    }

    /** Something that is done in the course of this. */
    OpenCall within(Operation part) {
        return new OpenCall(actor, named, who, part);
    }

    Operation operation() {
        return operation;
    }

    String actor() {
        return actor;
    }

    /** Whether the host has told who calls. */
    boolean named() {
        return named;
    }

    /** Whether the operation's own line is written. */
    boolean told() {
        return told;
    }

    /** Its answer is given only if its line can be written. */
    void withhold() {
        withheld = true;
    }

    /** Whether it ended without an answer because its own line could not be written. */
    boolean withheld() {
        return withheld;
    }

    /** What a restore is called in this call. */
    String restoring() {
        return operation.action().equals(Operation.ROLLBACK) ? Operation.ROLLBACK : Operation.RESTORE;
    }

    /** What an event's line is here; empty for now if it tells a failure of the operation itself, whose exception will tell more. */
    Optional<AuditEvent> hear(AuditEvent line) {
        AuditEvent mine = signed(line);
        boolean own = line.action().equals(operation.action()) && !told;
        if (own || line.action().equals(operation.action() + EventLines.START)) {
            mine = aimed(mine);
        }
        if (own && line.outcome() != AuditOutcome.ALLOWED) {
            held = mine;
            return Optional.empty();
        }
        told |= own;
        return Optional.of(mine);
    }

    /** The target is what was asked for; what the event names instead is a detail. */
    private AuditEvent aimed(AuditEvent line) {
        if (operation.target().isEmpty() || operation.target().equals(line.target())) {
            return line;
        }
        AuditEvent aimed = new AuditEvent(
                line.at(),
                line.actor(),
                line.action(),
                operation.target(),
                line.outcome(),
                line.details(),
                line.incident());
        return line.target().isEmpty() ? aimed : aimed.detail("snapshot", line.target());
    }

    private AuditEvent signed(AuditEvent line) {
        AuditEvent signed = line;
        for (Map.Entry<String, String> detail : who.entrySet()) {
            signed = signed.detail(detail.getKey(), detail.getValue());
        }
        return signed;
    }

    /** That somebody wants it. */
    AuditEvent requested(Instant now) {
        return signed(AuditEvent.allowed(now, actor, operation.action() + ".request", operation.target()));
    }

    /** Its end, as far as is known here: as its events told it, or bare. */
    AuditEvent ended(Instant now) {
        AuditEvent heard = held;
        return heard != null ? heard : signed(AuditEvent.allowed(now, actor, operation.action(), operation.target()));
    }
}
