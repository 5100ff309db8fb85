package dev.cairn.backup.core.listing;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryAttributes.Identity;
import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes everything of an entry that follows its path. */
final class EntryEncoder {

    /** What is left of a chunk once its level and a path with its two lengths are in it. */
    static final int MAX_BODY = ListingFormat.MAX_CHUNK - ListingFormat.MAX_PATH_BYTES - 8;

    private final ByteWriter out = new ByteWriter();

    /** The bytes are valid until the next call. */
    ByteWriter encode(ListedEntry entry) {
        out.clear();
        out.u8(ListingFormat.code(entry.type()));
        EntryAttributes attributes = entry.attributes();
        Pages pages = entry.pages();
        out.u8(flags(attributes, pages));
        if (attributes.modified().isPresent()) {
            instant(attributes.modified().get());
        }
        if (attributes.mode().isPresent()) {
            out.varint(attributes.mode().getAsInt());
        }
        if (attributes.owner().isPresent()) {
            text(entry.path(), "owner", attributes.owner().get());
        }
        if (attributes.group().isPresent()) {
            text(entry.path(), "group", attributes.group().get());
        }
        if (attributes.identity().isPresent()) {
            Identity identity = attributes.identity().get();
            instant(identity.changed());
            text(entry.path(), "file key", identity.fileKey());
        }
        content(entry, pages);
        checkSize(entry.path());
        return out;
    }

    private void content(ListedEntry entry, @Nullable Pages pages) {
        switch (entry.type()) {
            case DIRECTORY -> {
                // A folder has nothing more.
            }
            case SYMLINK, HARD_LINK -> {
                String target = entry.linkTarget();
                if (target != null) {
                    text(entry.path(), "link target", target);
                }
            }
            case FILE -> {
                out.varint(entry.size());
                extents(entry.path(), entry.extents());
                if (pages != null) {
                    out.varint(pages.pageSize());
                    extents(entry.path(), pages.hashes());
                }
            }
        }
    }

    private static int flags(EntryAttributes attributes, @Nullable Pages pages) {
        return (attributes.modified().isPresent() ? ListingFormat.MODIFIED : 0)
                | (attributes.mode().isPresent() ? ListingFormat.MODE : 0)
                | (attributes.owner().isPresent() ? ListingFormat.OWNER : 0)
                | (attributes.group().isPresent() ? ListingFormat.GROUP : 0)
                | (attributes.identity().isPresent() ? ListingFormat.IDENTITY : 0)
                | (pages != null ? ListingFormat.PAGES : 0);
    }

    private void instant(Instant instant) {
        out.zigzag(instant.getEpochSecond());
        out.varint(instant.getNano());
    }

    private void extents(EntryPath path, List<Extent> extents) {
        for (int i = 0; i < extents.size(); i++) {
            Extent extent = extents.get(i);
            out.chunk(extent.chunk());
            out.varint(extent.offset());
            out.varint(extent.length());
            checkSize(path);
        }
    }

    /** Checked on the way, so that an entry that is too long does not take more memory than the limit. */
    private void checkSize(EntryPath path) {
        if (out.length() > MAX_BODY) {
            throw new LimitExceededException(
                    "the place in the listing, in bytes, of '" + path + "'",
                    out.length(),
                    MAX_BODY,
                    "Store its content in fewer pieces, or leave it out");
        }
    }

    private void text(EntryPath path, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                checkEncodable(path, name, value);
                break;
            }
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.text(utf8, 0, utf8.length);
    }

    private static void checkEncodable(EntryPath path, String name, String value) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new InvalidValueException(
                    "the " + name + " of '" + path + "'", value, "text without half of a surrogate pair");
        }
    }
}
