package dev.cairn.backup.examples.trap;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.opentest4j.AssertionFailedError;

/** A mistake that implementations are known to make. A check is worth something only if it fails on that mistake: it is run on both. */
public final class Trap {

    private Trap() {}

    /** Assertions about something. */
    @FunctionalInterface
    public interface Check<T> {

        /** Fails with an assertion, never with another exception. */
        void of(T subject) throws Exception;
    }

    /**
     * Asserts that the check fails on the naive one and passes on ours.
     *
     * @param check what must hold
     * @param naive made the way that the trap warns of; real, working code
     * @param ours what the host does
     */
    public static <T> void catches(Check<? super T> check, T naive, T ours) {
        assertThrows(
                AssertionFailedError.class,
                () -> check.of(naive),
                "the check passes on the naive implementation, so it shows nothing");
        assertDoesNotThrow(() -> check.of(ours));
    }
}
