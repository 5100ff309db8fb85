package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryPath;
import java.util.List;

/**
 * A place in a snapshot, as people write it: {@code ID:DATASET/PATH}.
 *
 * @param snapshot its id or {@code latest}; empty if the text is about a place in a known snapshot
 * @param dataset the dataset; empty if only the snapshot is named
 * @param path below the dataset; the root if only the dataset is named
 */
record EntryPlace(String snapshot, String dataset, EntryPath path) {

    /** {@code ID}, {@code ID:DATASET} or {@code ID:DATASET/PATH}. Neither ids nor names of datasets have a colon or a slash. */
    static EntryPlace of(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new EntryPlace(text, "", EntryPath.ROOT);
        }
        EntryPlace inside = inSnapshot("place", text.substring(colon + 1));
        return new EntryPlace(text.substring(0, colon), inside.dataset(), inside.path());
    }

    /** The dataset, if one is named. */
    List<String> datasets() {
        return dataset.isEmpty() ? List.of() : List.of(dataset);
    }

    /** {@code DATASET} or {@code DATASET/PATH}; a slash at the end is left aside. */
    static EntryPlace inSnapshot(String what, String text) {
        String stripped = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int slash = stripped.indexOf('/');
        String dataset = slash < 0 ? stripped : stripped.substring(0, slash);
        if (dataset.isEmpty()) {
            throw new InvalidValueException(what, text, "DATASET/PATH, beginning with the name of a dataset");
        }
        return new EntryPlace("", dataset, slash < 0 ? EntryPath.ROOT : EntryPath.of(stripped.substring(slash + 1)));
    }
}
