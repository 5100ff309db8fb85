package dev.cairn.backup;

import java.util.List;

/**
 * What a restore would do to one dataset.
 *
 * @param dataset its name
 * @param target where it lies, in words: a folder, a file, {@code memory}
 * @param create entries that would be made
 * @param replace entries that would be replaced
 * @param remove entries that would go to the trash
 * @param keep entries that are as in the snapshot
 * @param bytes content bytes to be written
 * @param examples up to 20 lines such as {@code "replace a/b.json"}
 * @param warnings what the operator should know, one sentence each
 */
public record DatasetPlan(
        String dataset,
        String target,
        long create,
        long replace,
        long remove,
        long keep,
        long bytes,
        List<String> examples,
        List<String> warnings) {

    /** Copies the lists. */
    public DatasetPlan {
        examples = List.copyOf(examples);
        warnings = List.copyOf(warnings);
    }
}
