package dev.cairn.backup.core.listing;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry as a listing holds it: with the places of its content.
 *
 * @param path its place in the dataset
 * @param type what it is
 * @param size content bytes, exact; 0 for anything but a file
 * @param attributes what is kept beside the content
 * @param linkTarget the target of a symbolic link, or the path that a hard link names; null for others
 * @param extents the content, piece after piece; together exactly {@code size} bytes
 * @param pages the hashes of its pages, or null if the content does not consist of pages
 */
public record ListedEntry(
        EntryPath path,
        EntryType type,
        long size,
        EntryAttributes attributes,
        @Nullable String linkTarget,
        List<Extent> extents,
        @Nullable Pages pages) {

    /** @throws IllegalArgumentException if the parts contradict each other */
    public ListedEntry {
        boolean link = type == EntryType.SYMLINK || type == EntryType.HARD_LINK;
        if (link != (linkTarget != null)) {
            throw new IllegalArgumentException(type + " " + path + (link ? " without" : " with") + " a link target");
        }
        extents = List.copyOf(extents);
        if (type != EntryType.FILE && (size != 0 || pages != null)) {
            throw new IllegalArgumentException(type + " " + path + " with content");
        }
        if (Extent.total(extents) != size) {
            throw new IllegalArgumentException(path + " of " + size + " bytes has extents of " + Extent.total(extents));
        }
        if (pages != null && Extent.total(pages.hashes()) != Pages.hashBytes(size, pages.pageSize())) {
            throw new IllegalArgumentException(path + " of " + size + " bytes has not one hash a page");
        }
    }

    /**
     * What a dataset yielded, with the places where its content was stored.
     *
     * @param size bytes that were stored; the entry's own size was an estimate and is left aside
     * @throws IllegalArgumentException if anything but a file has content, or the extents are not of that size
     */
    public static ListedEntry of(Entry entry, long size, List<Extent> extents, @Nullable Pages pages) {
        return new ListedEntry(
                entry.path(),
                entry.type(),
                size,
                entry.attributes(),
                entry.linkTarget().orElse(null),
                extents,
                pages);
    }

    /** The entry as a snapshot's reader hands it out. Only a file gets the content; the others have none. */
    public Entry toEntry(EntryContent content) {
        return new Entry(
                path,
                type,
                size,
                attributes,
                Optional.ofNullable(linkTarget),
                type == EntryType.FILE ? content : EntryContent.EMPTY);
    }
}
