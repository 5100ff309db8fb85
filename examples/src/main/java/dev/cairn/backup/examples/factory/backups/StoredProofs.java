package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** The proofs as a snapshot has them. */
public final class StoredProofs {

    private StoredProofs() {}

    /** Their texts, by path. */
    public static SortedMap<String, String> texts(SnapshotReader snapshot) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        try (EntryCursor entries = snapshot.dataset(Datasets.PROOFS).entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() == EntryType.FILE) {
                    try (InputStream in = entry.content().open()) {
                        texts.put(entry.path().toString(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return texts;
    }
}
