package dev.cairn.backup;

/**
 * Decides who may do what. Roles are the host's: Cairn asks before each operation and keeps no answer. Called on the thread of the caller, by several at once.
 *
 * <p>What it throws, and null, denies with the reason {@value #POLICY_FAILED}: a door whose lock is broken stays shut.
 */
@FunctionalInterface
public interface OperationPolicy {

    /** The reason when the policy itself failed. */
    String POLICY_FAILED = "policy_failed";

    /** Whether that actor may do that. */
    Decision decide(Actor actor, Operation operation);

    /** A decision. The set is closed for 1.x. */
    sealed interface Decision {}

    /** It may be done. */
    record Allowed() implements Decision {}

    /**
     * It may not be done.
     *
     * @param reason a code for programs, such as {@code not_parent}: 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     */
    record Denied(String reason) implements Decision {

        /** @throws InvalidValueException if the reason is no code */
        public Denied {
            if (!reason.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new InvalidValueException("reason", reason, "1 to 64 characters of A-Z a-z 0-9 . _ -");
            }
        }
    }

    /** It may be done. */
    static Decision allowed() {
        return new Allowed();
    }

    /** It may not be done, for that reason; see {@link Denied}. */
    static Decision denied(String reason) {
        return new Denied(reason);
    }

    /** Whoever reaches the host's operations may do all of them. */
    static OperationPolicy allowAll() {
        return (actor, operation) -> allowed();
    }
}
