package dev.cairn.backup.lifecycle;

/** Something that a host does when it starts or stops. May throw anything; what that means is said by whoever runs it. */
@FunctionalInterface
public interface LifecycleAction {

    /** Does it. */
    void run() throws Exception;

    /** Does nothing. */
    static LifecycleAction none() {
        return () -> {};
    }
}
