package dev.cairn.backup.lifecycle;

/** Works off what is under way, as much as fits. */
@FunctionalInterface
public interface DrainAction {

    /**
     * Works until nothing is left or the deadline is over, whichever comes first. It is told that nothing new comes in.
     *
     * @param deadline to be looked at between two pieces of work
     * @return how many pieces are left; zero if all is done
     */
    long drain(Deadline deadline) throws Exception;
}
