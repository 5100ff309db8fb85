package dev.cairn.backup;

import java.time.Duration;
import java.util.Optional;

/**
 * How to check a repository.
 *
 * @param depth how deep
 * @param budget the time for it; stored bytes are read least recently checked first, those known to be bad always; empty for as long as it takes
 * @param progress told how far it has come
 * @param cancellation ends it early, with what was found
 */
public record RepositoryCheck(
        VerificationDepth depth, Optional<Duration> budget, ProgressListener progress, CancellationToken cancellation) {

    /** @throws InvalidValueException if the budget is negative */
    public RepositoryCheck {
        if (budget.isPresent() && budget.get().isNegative()) {
            throw new InvalidValueException("budget", budget.get(), "zero or more");
        }
    }

    /** As deep as given, for as long as it takes. */
    public static RepositoryCheck of(VerificationDepth depth) {
        return new RepositoryCheck(depth, Optional.empty(), ProgressListener.NONE, new CancellationToken());
    }

    /** Within a time. */
    public RepositoryCheck within(Duration value) {
        return new RepositoryCheck(depth, Optional.of(value), progress, cancellation);
    }

    /** With a listener. */
    public RepositoryCheck progress(ProgressListener value) {
        return new RepositoryCheck(depth, budget, value, cancellation);
    }

    /** With a token that can cancel it. */
    public RepositoryCheck cancellation(CancellationToken value) {
        return new RepositoryCheck(depth, budget, progress, value);
    }
}
