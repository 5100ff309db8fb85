package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a supervisor remembers about the failures of one service. A value: each change answers a new one, and its parts are plain so that whoever runs the
 * host can store them; a host that crashes in a loop is then held down like any other.
 *
 * <p>Failures are counted within a sliding window. One success clears nothing, because a flapping service succeeds before each of its failures: only a
 * whole stable time does. A hold-down ends by itself and takes the failures with it, but {@link #holdDowns()} goes on counting until the service was
 * stable, so that a second one can be told from the first.
 *
 * <p><b>Clocks that jump.</b> Instants are of the wall clock, since they outlive the process. What lies in the future after a clock was set back is taken
 * for having happened at the moment when that is first seen: failures still count, a hold-down is never longer than the policy's from then on, stable
 * time begins anew. A clock that is set ahead makes failures look old, so at worst one hold-down ends early; the next failures start another. Extreme
 * instants do no harm.
 *
 * @param policy the rules
 * @param failures when the service failed, those that count; at most {@value RestartPolicy#MOST_FAILURES}
 * @param streak how many failures since the history was last cleared, also those that left the window; it decides the wait
 * @param upSince since when the service has been up, if it reported success after its last failure
 * @param heldSince when the hold-down began, if there is one
 * @param holdDowns how many hold-downs since the service was last stable
 */
public record RestartBudget(
        RestartPolicy policy,
        List<Instant> failures,
        int streak,
        Optional<Instant> upSince,
        Optional<Instant> heldSince,
        int holdDowns) {

    /**
     * Copies the list.
     *
     * @throws InvalidValueException if a number is negative or there are too many failures
     */
    public RestartBudget {
        if (failures.size() > RestartPolicy.MOST_FAILURES) {
            throw new InvalidValueException(
                    "number of failures", failures.size(), "at most " + RestartPolicy.MOST_FAILURES);
        }
        if (streak < 0) {
            throw new InvalidValueException("streak", streak, "zero or more");
        }
        if (holdDowns < 0) {
            throw new InvalidValueException("holdDowns", holdDowns, "zero or more");
        }
        failures = List.copyOf(failures);
    }

    /**
     * A failure's consequences.
     *
     * @param budget what to remember from now on; it is to be stored before the outcome is acted on
     * @param outcome what to do
     */
    public record Decision(RestartBudget budget, RestartOutcome outcome) {}

    /** A service that has not failed yet, under the default rules. */
    public static RestartBudget start() {
        return start(RestartPolicy.defaults());
    }

    /** A service that has not failed yet. */
    public static RestartBudget start(RestartPolicy policy) {
        return new RestartBudget(policy, List.of(), 0, Optional.empty(), Optional.empty(), 0);
    }

    /** The same past under other rules, for a host whose configuration changed. */
    public RestartBudget under(RestartPolicy other) {
        return new RestartBudget(other, failures, streak, upSince, heldSince, holdDowns);
    }

    /**
     * The service failed: its start, its probe or itself. During a hold-down it is not counted, and the answer says how much of that is left.
     *
     * @param at when
     * @param random where the jitter comes from
     */
    public Decision failed(Instant at, RandomGenerator random) {
        RestartBudget seen = seenAt(at);
        if (seen.heldSince.isPresent()) {
            RestartBudget down = new RestartBudget(
                    policy, seen.failures, seen.streak, Optional.empty(), seen.heldSince, seen.holdDowns);
            return new Decision(down, new RestartOutcome.HoldDown(seen.holdDownLeft(at)));
        }
        List<Instant> counted = new ArrayList<>(seen.failures);
        counted.add(at);
        int next = increased(seen.streak);
        if (counted.size() < policy.failures()) {
            RestartBudget down =
                    new RestartBudget(policy, counted, next, Optional.empty(), Optional.empty(), seen.holdDowns);
            return new Decision(down, new RestartOutcome.RestartAfter(policy.delay(next, random)));
        }
        // Under rules that were tightened since, more may have been remembered than count.
        List<Instant> last = counted.subList(counted.size() - policy.failures(), counted.size());
        RestartBudget held =
                new RestartBudget(policy, last, next, Optional.empty(), Optional.of(at), increased(seen.holdDowns));
        return new Decision(held, new RestartOutcome.HoldDown(policy.holdDown()));
    }

    /**
     * The service is up. To be called when it has become ready, and as often afterwards as the host likes: from the first call after a failure on the
     * stable time runs.
     *
     * @param at when
     */
    public RestartBudget succeeded(Instant at) {
        RestartBudget seen = seenAt(at);
        return seen.upSince.isPresent()
                ? seen
                : new RestartBudget(
                        policy, seen.failures, seen.streak, Optional.of(at), seen.heldSince, seen.holdDowns);
    }

    /**
     * The same at a later time: what is over by then is forgotten, and what lies in the future happened now. The other methods do this first by
     * themselves; a supervisor that asks whether it may start a service stores what this answers before it asks, so that a clock that was set back
     * cannot prolong a hold-down.
     *
     * @param now the present time
     */
    public RestartBudget seenAt(Instant now) {
        Optional<Instant> up = upSince.map(since -> earlier(since, now));
        if (up.isPresent() && !isLess(up.get(), now, policy.stable())) {
            return new RestartBudget(policy, List.of(), 0, up, Optional.empty(), 0);
        }
        Optional<Instant> held = heldSince.map(since -> earlier(since, now));
        if (held.isPresent() && !isLess(held.get(), now, policy.holdDown())) {
            return new RestartBudget(policy, List.of(), 0, up, Optional.empty(), holdDowns);
        }
        List<Instant> counted = failures.stream()
                .map(failure -> earlier(failure, now))
                .filter(failure -> Duration.between(failure, now).compareTo(policy.window()) <= 0)
                .toList();
        return new RestartBudget(policy, counted, streak, up, held, holdDowns);
    }

    /**
     * How much of a hold-down is left; zero if there is none. Never more than the policy's hold-down, whatever the clock did.
     *
     * @param now the present time
     */
    public Duration holdDownLeft(Instant now) {
        RestartBudget seen = seenAt(now);
        return seen.heldSince
                .map(since -> policy.holdDown().minus(Duration.between(since, now)))
                .orElse(Duration.ZERO);
    }

    /** Whether the service was up for the whole stable time. */
    public boolean isStable(Instant now) {
        return upSince.isPresent() && !isLess(upSince.get(), now, policy.stable());
    }

    private static boolean isLess(Instant since, Instant now, Duration time) {
        return Duration.between(since, now).compareTo(time) < 0;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isAfter(other) ? other : one;
    }

    private static int increased(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }
}
