package dev.cairn.backup.testkit.crash;

import java.nio.file.Path;
import java.util.List;

/**
 * What one power cut left.
 *
 * @param point how many operations had returned when the power went
 * @param marks the marks that had been set by then, in order
 * @param directory the state as a folder on the default file system; it is made anew for each state
 * @param description which of the undecided changes are in it, for people
 */
public record CrashState(int point, List<String> marks, Path directory, String description) {

    /** Copies the list. */
    public CrashState {
        marks = List.copyOf(marks);
    }

    /** Whether a mark had been set before the power went. */
    public boolean marked(String mark) {
        return marks.contains(mark);
    }
}
