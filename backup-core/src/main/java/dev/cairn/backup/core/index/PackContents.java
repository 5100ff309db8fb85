package dev.cairn.backup.core.index;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;

/**
 * A pack and what it holds, as an index segment tells.
 *
 * @param pack the pack
 * @param size its stored size in bytes, at least 0; an entry counts only if the store lists the pack with this size
 * @param directory what it holds
 */
public record PackContents(PackId pack, long size, PackDirectory directory) {

    /** @throws InvalidValueException if the size is negative */
    public PackContents {
        if (size < 0) {
            throw new InvalidValueException("size of a pack", size, "0 and above");
        }
    }
}
