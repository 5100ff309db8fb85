package dev.cairn.backup.testkit.crash;

/** What must hold in every state that a power cut may leave. */
@FunctionalInterface
public interface CrashStateCheck {

    /**
     * Checks one state. It may change the folder: the next state is made anew.
     *
     * @throws Exception to report that the state is wrong; an {@link AssertionError} does the same
     */
    void check(CrashState state) throws Exception;
}
