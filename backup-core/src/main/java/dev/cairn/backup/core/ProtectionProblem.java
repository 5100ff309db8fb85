package dev.cairn.backup.core;

import dev.cairn.backup.ProtectionStatus;
import java.time.Duration;
import java.util.Optional;

/** Says what is wrong with the continuous protection of a dataset, for health. */
final class ProtectionProblem {

    /** A repository may take this long to store a segment before anybody is told. */
    private static final Duration SLOW = Duration.ofSeconds(10);

    private ProtectionProblem() {}

    /** @param poll how often the source looks */
    static Optional<String> of(ProtectionStatus status, Duration poll) {
        String dataset = "dataset '" + status.dataset() + "'";
        String because = status.problem().map(problem -> ": " + problem).orElse("");
        return switch (status.state()) {
            case INTERRUPTED -> Optional.of("transactions of " + dataset + " are not kept" + because);
            case SPOOLING ->
                Optional.of("transactions of " + dataset + " are kept on the local disk only, " + status.spoolBytes()
                        + " of " + status.spoolLimit() + " bytes" + because);
            case WAITING ->
                status.problem()
                        .map(problem -> "the protection of " + dataset + " has not begun: " + problem)
                        .or(() -> late(status, poll, dataset));
            case STARTING, PROTECTED, PAUSED, CLOSED -> late(status, poll, dataset);
        };
    }

    private static Optional<String> late(ProtectionStatus status, Duration poll, String dataset) {
        Duration lag = status.lag();
        return lag.compareTo(SLOW) > 0 && lag.compareTo(poll.multipliedBy(10)) > 0
                ? Optional.of("transactions of " + dataset + " have been waiting " + lag.toSeconds()
                        + " s for the repository")
                : Optional.empty();
    }
}
