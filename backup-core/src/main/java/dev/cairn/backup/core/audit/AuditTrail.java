package dev.cairn.backup.core.audit;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditUnavailableException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.Operation;
import dev.cairn.backup.spi.Location;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is done, refused and fails into the host's audit log, on the thread that does it: the line of an operation is durable before its caller is answered. What the engine does by
 * itself comes here as events, told by {@code EventDispatcher} before any listener hears of them. An event that is the end of an operation that somebody called is the line of that call.
 *
 * <p>Without a log nothing is written, and nothing else changes. Thread-safe.
 */
public final class AuditTrail implements BackupListener {

    static final String ENGINE = "cairn";

    private final @Nullable AuditLog log;
    private final @Nullable LineWriter writer;
    private final Actor host;
    private final InstantSource clock;
    private final boolean required;
    private final ThreadLocal<@Nullable OpenCall> calls = new ThreadLocal<>();

    private AuditTrail(@Nullable AuditLog log, Actor host, InstantSource clock, boolean required) {
        this.log = log;
        this.writer = log == null ? null : new LineWriter(log, clock);
        this.host = host;
        this.clock = clock;
        this.required = required;
    }

    /** For a host without an audit log. */
    public static AuditTrail none() {
        return new AuditTrail(null, Actor.of("host"), InstantSource.system(), false);
    }

    /**
     * Into that log, which stays open.
     *
     * @param host the actor of calls that name none
     */
    public static AuditTrail to(AuditLog log, Actor host, InstantSource clock) {
        return new AuditTrail(log, host, clock, false);
    }

    /** The same, but what changes something is refused unless a line that tells of the wish could be written first. */
    public AuditTrail required() {
        return new AuditTrail(log, host, clock, true);
    }

    /** Whether there is a log. */
    public boolean exists() {
        return writer != null;
    }

    /** Where the log lies. */
    public Optional<Location> location() {
        return log == null ? Optional.empty() : log.location();
    }

    /** Where the log's head record lies. */
    public Optional<Location> headLocation() {
        return log == null ? Optional.empty() : log.headLocation();
    }

    /** The actor of calls that name none. */
    public Actor host() {
        return host;
    }

    /**
     * Has somebody told when lines are missing.
     *
     * @param problem told the problem, and empty when lines can be written again
     * @param changed called after that, without any lock
     */
    public void reportTo(Consumer<Optional<String>> problem, Runnable changed) {
        if (writer != null) {
            writer.reportTo(problem, changed);
        }
    }

    /**
     * Runs what an actor called for and writes its one line. A line that cannot be written does not make it fail.
     *
     * @throws AuditUnavailableException if lines are required and cannot be written; nothing was changed
     */
    public <T> T call(Actor actor, Operation operation, Supplier<T> work) {
        return call(actor, operation, Map.of(), work);
    }

    /**
     * The same, with what else the caller has said.
     *
     * @param said by name, for the details of its lines
     */
    public <T> T call(Actor actor, Operation operation, Map<String, String> said, Supplier<T> work) {
        return call(OpenCall.of(actor, operation).saying(said), work);
    }

    /** The same for a call of the host's own, which names nobody. */
    public <T> T hostCall(Operation operation, Map<String, String> said, Supplier<T> work) {
        return call(OpenCall.ofHost(host, operation).saying(said), work);
    }

    private <T> T call(OpenCall call, Supplier<T> work) {
        return writer == null ? work.get() : run(call, work, writer, result -> true);
    }

    /**
     * Runs what the engine does by itself, and writes a line if it changed something or failed. Within a call it is the caller's doing, unless it is a schedule's.
     *
     * @param schedule which schedule, if it is one
     */
    public <T> T own(Optional<String> schedule, Operation operation, Supplier<T> work) {
        if (writer == null) {
            return work.get();
        }
        OpenCall outer = calls.get();
        OpenCall call = outer != null && schedule.isEmpty()
                ? outer.within(operation)
                : OpenCall.of(schedule.map(EventLines::schedule).orElse(ENGINE), operation);
        return run(call, work, writer, result -> required || ResultLines.changed(result));
    }

    private <T> T run(OpenCall call, Supplier<T> work, LineWriter to, Predicate<Object> isTold) {
        OpenCall outer = calls.get();
        if (required && call.operation().changes()) {
            require(call, to, call.requested(clock.instant()));
        }
        calls.set(call);
        try {
            T result = work.get();
            if (!call.told() && isTold.test(result)) {
                end(call, to, ResultLines.of(call.ended(clock.instant()), result));
            }
            return result;
        } catch (Throwable e) { // Also checked ones, which not every language declares.
            if (!call.withheld()) { // Of which this very log can tell nothing.
                to.write(List.of(FailureLines.of(call.ended(clock.instant()), e)));
            }
            throw e;
        } finally {
            if (outer == null) {
                calls.remove();
            } else {
                calls.set(outer);
            }
        }
    }

    private void end(OpenCall call, LineWriter to, AuditEvent line) {
        if (required && !call.operation().changes()) {
            call.withhold();
            require(call, to, line); // Nothing was changed, so the answer can still be withheld.
        } else {
            to.write(List.of(line));
        }
    }

    private static void require(OpenCall call, LineWriter to, AuditEvent line) {
        try {
            to.writeOrThrow(List.of(line));
        } catch (RuntimeException e) {
            throw new AuditUnavailableException(call.operation(), e);
        } catch (Error e) {
            throw new AuditUnavailableException(call.operation(), new IllegalStateException(e.toString(), e));
        }
    }

    /** Writes the line of what was refused or failed before it was a call. */
    public void failed(Actor actor, Operation operation, RuntimeException failure) {
        if (writer != null) {
            AuditEvent line = OpenCall.of(actor, operation).ended(clock.instant());
            writer.write(List.of(FailureLines.of(line, failure)));
        }
    }

    /** Writes a line of what the engine has done by itself, or in a call. */
    public void did(String action, String target) {
        if (writer != null) {
            OpenCall call = calls.get();
            Operation done = Operation.of(action, target);
            writer.write(
                    List.of((call == null ? OpenCall.of(ENGINE, done) : call.within(done)).ended(clock.instant())));
        }
    }

    @Override
    public void onEvent(BackupEvent event) {
        if (writer == null) {
            return;
        }
        if (event instanceof AlertEvent alert) {
            writer.write(AlertLines.of(alert, ENGINE));
            return;
        }
        // What a schedule does is its own doing, also when somebody's call makes it run.
        OpenCall call = EventLines.isBySchedule(event) ? null : calls.get();
        List<AuditEvent> lines = new ArrayList<>();
        for (AuditEvent line :
                EventLines.of(event, call == null ? OpenCall.ofHost(host, Operation.of("event", "")) : call)) {
            if (call == null) {
                lines.add(line);
            } else {
                call.hear(line).ifPresent(lines::add);
            }
        }
        writer.write(lines);
    }
}
