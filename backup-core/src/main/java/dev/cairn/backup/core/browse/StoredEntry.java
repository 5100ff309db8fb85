package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One line of a manifest's listing.
 *
 * @param path the entry's path in its dataset
 * @param type what it is
 * @param size content bytes
 * @param stored the blob that holds its content; null unless a file
 * @param checksum of the content, lower-case hexadecimal; null unless a file
 * @param target of a link; null for others
 * @param modified last modification, ISO 8601; null if unknown
 * @param mode permission bits in octal; null if unknown
 * @param owner the owner's name; null if unknown
 * @param group the group's name; null if unknown
 * @param changed the ctime, ISO 8601; null if unknown
 * @param fileKey device and inode; null if unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredEntry(
        String path,
        EntryType type,
        long size,
        @Nullable String stored,
        @Nullable String checksum,
        @Nullable String target,
        @Nullable String modified,
        @Nullable String mode,
        @Nullable String owner,
        @Nullable String group,
        @Nullable String changed,
        @Nullable String fileKey) {

    StoredEntry {
        Objects.requireNonNull(path);
        Objects.requireNonNull(type);
    }

    /** The line for an entry whose content, if it has any, was stored. */
    static StoredEntry of(Entry entry, long size, @Nullable String stored, @Nullable String checksum) {
        EntryAttributes attributes = entry.attributes();
        return new StoredEntry(
                entry.path().value(),
                entry.type(),
                size,
                stored,
                checksum,
                entry.linkTarget().orElse(null),
                attributes.modified().map(Instant::toString).orElse(null),
                attributes.mode().isPresent()
                        ? Integer.toOctalString(attributes.mode().getAsInt())
                        : null,
                attributes.owner().orElse(null),
                attributes.group().orElse(null),
                attributes
                        .identity()
                        .map(identity -> identity.changed().toString())
                        .orElse(null),
                attributes.identity().map(EntryAttributes.Identity::fileKey).orElse(null));
    }

    /** The entry that this line describes. */
    Entry toEntry(EntryContent content) {
        EntryAttributes attributes = new EntryAttributes(
                Optional.ofNullable(modified).map(Instant::parse),
                mode == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(mode, 8)),
                Optional.ofNullable(owner),
                Optional.ofNullable(group),
                changed == null || fileKey == null
                        ? Optional.empty()
                        : Optional.of(new EntryAttributes.Identity(Instant.parse(changed), fileKey)));
        return new Entry(EntryPath.of(path), type, size, attributes, Optional.ofNullable(target), content);
    }
}
