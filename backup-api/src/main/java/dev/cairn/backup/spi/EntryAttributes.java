package dev.cairn.backup.spi;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an entry beside its content. Absent values are left as the target makes them.
 *
 * @param modified last modification, to the nanosecond where the source has it; empty if it has none
 * @param mode POSIX permission bits 0 to 0777; empty where the source has none. Setuid, setgid and sticky bits are never kept
 * @param owner the owner's name, restored where the process may
 * @param group the group's name, restored where the process may
 * @param identity what identifies this very state of the content at its source, so that an unchanged one need not be read again; empty if the
 *     source cannot promise it
 */
public record EntryAttributes(
        Optional<Instant> modified,
        OptionalInt mode,
        Optional<String> owner,
        Optional<String> group,
        Optional<Identity> identity) {

    /** No attributes at all. */
    public static final EntryAttributes NONE = new EntryAttributes(
            Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if the mode has bits beyond 0777 */
    public EntryAttributes {
        if (mode.isPresent() && (mode.getAsInt() & ~0777) != 0) {
            throw new IllegalArgumentException("mode has bits beyond 0777: " + Integer.toOctalString(mode.getAsInt()));
        }
    }

    /** Only a modification time and permission bits. */
    public static EntryAttributes of(@Nullable Instant modified, int mode) {
        return new EntryAttributes(
                Optional.ofNullable(modified),
                OptionalInt.of(mode),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The state of a file as its file system tells it.
     *
     * @param changed the ctime; it cannot be set back by a program
     * @param fileKey device and inode, or what the platform has instead
     */
    public record Identity(Instant changed, String fileKey) {}
}
