package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryAttributes.Identity;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads everything of an entry that follows its path. It takes from memory only what the bytes of the chunk pay for. */
final class EntryDecoder {

    private static final long MIN_SECOND = Instant.MIN.getEpochSecond();
    private static final long MAX_SECOND = Instant.MAX.getEpochSecond();

    private EntryDecoder() {}

    /** @param path the entry's path, already read */
    static ListedEntry decode(ByteReader in, EntryPath path) {
        EntryType type = type(in);
        int flags = in.u8();
        if ((flags & ~ListingFormat.ALL_FLAGS) != 0 || ((flags & ListingFormat.PAGES) != 0 && type != EntryType.FILE)) {
            throw in.damage("an entry has impossible flags");
        }
        EntryAttributes attributes = (flags & ~ListingFormat.PAGES) == 0 ? EntryAttributes.NONE : attributes(in, flags);
        return switch (type) {
            case DIRECTORY -> new ListedEntry(path, type, 0, attributes, null, List.of(), null);
            case SYMLINK, HARD_LINK -> new ListedEntry(path, type, 0, attributes, in.text(), List.of(), null);
            case FILE -> {
                long size = in.varint();
                List<Extent> extents = extents(in, size);
                Pages pages = (flags & ListingFormat.PAGES) == 0 ? null : pages(in, size);
                yield new ListedEntry(path, type, size, attributes, null, extents, pages);
            }
        };
    }

    private static EntryType type(ByteReader in) {
        int code = in.u8();
        return switch (code) {
            case 0 -> EntryType.DIRECTORY;
            case 1 -> EntryType.FILE;
            case 2 -> EntryType.SYMLINK;
            case 3 -> EntryType.HARD_LINK;
            default -> throw in.damage("an entry has the unknown type " + code);
        };
    }

    /** In the order of the format, which is that of the components. */
    private static EntryAttributes attributes(ByteReader in, int flags) {
        return new EntryAttributes(
                (flags & ListingFormat.MODIFIED) == 0 ? Optional.empty() : Optional.of(instant(in)),
                (flags & ListingFormat.MODE) == 0 ? OptionalInt.empty() : OptionalInt.of(in.varint(0777, "a mode")),
                (flags & ListingFormat.OWNER) == 0 ? Optional.empty() : Optional.of(in.text()),
                (flags & ListingFormat.GROUP) == 0 ? Optional.empty() : Optional.of(in.text()),
                (flags & ListingFormat.IDENTITY) == 0
                        ? Optional.empty()
                        : Optional.of(new Identity(instant(in), in.text())));
    }

    private static Instant instant(ByteReader in) {
        long second = in.zigzag();
        if (second < MIN_SECOND || second > MAX_SECOND) {
            throw in.damage("a time is out of range");
        }
        return Instant.ofEpochSecond(second, in.varint(ListingFormat.MAX_NANOS, "a nanosecond"));
    }

    private static Pages pages(ByteReader in, long size) {
        long pageSize = in.varint();
        if (!Pages.allowed(pageSize)) {
            throw in.damage("pages have " + pageSize + " bytes");
        }
        return new Pages((int) pageSize, extents(in, Pages.hashBytes(size, (int) pageSize)));
    }

    /** Extents of exactly {@code total} bytes. Most files are one chunk, which needs no list to grow. */
    private static List<Extent> extents(ByteReader in, long total) {
        if (total == 0) {
            return List.of();
        }
        Extent first = extent(in, total);
        if (first.length() == total) {
            return List.of(first);
        }
        List<Extent> extents = new ArrayList<>();
        extents.add(first);
        long left = total - first.length();
        while (left > 0) {
            Extent next = extent(in, left);
            extents.add(next);
            left -= next.length();
        }
        return extents;
    }

    private static Extent extent(ByteReader in, long atMost) {
        ChunkId chunk = in.chunk();
        int offset = in.varint(ListingFormat.MAX_CHUNK - 1, "the offset of an extent");
        int room = (int) Math.min(atMost, ListingFormat.MAX_CHUNK - offset);
        int length = in.varint(room, "the length of an extent");
        if (length == 0) {
            throw in.damage("an extent is empty");
        }
        return new Extent(chunk, offset, length);
    }
}
