package dev.cairn.backup.core.keys;

import java.time.Instant;
import java.util.Optional;

/**
 * One way to open a repository, as its store lists it.
 *
 * @param id 16 hexadecimal digits
 * @param type the kind of its holder, such as {@code key-file}; {@code unknown} if it is too damaged to tell
 * @param label what the operator called it; empty if it is too damaged to tell
 * @param created when it was made, by the clock of the machine that made it; empty if it is too damaged to tell
 * @param damaged whether it opens nothing because it is not what was written
 * @param confirmed for a recovery code, whether somebody proved to hold it; true for every other type
 */
public record KeySlot(
        String id, String type, String label, Optional<Instant> created, boolean damaged, boolean confirmed) {

    /** The type of recovery codes. */
    public static final String RECOVERY = "recovery";

    /** Whether the repository can be relied upon to open by it: it is not damaged and somebody is known to hold its key. */
    public boolean reliable() {
        return !damaged && confirmed;
    }
}
