package dev.cairn.backup;

import java.util.List;
import java.util.Optional;

/**
 * What a restore would do to one dataset.
 *
 * @param dataset its name
 * @param target where it lies, in words: a folder, a file, {@code memory}
 * @param create entries that would be made
 * @param replace entries that would be replaced
 * @param remove entries that would go to the trash
 * @param keep entries that are as in the snapshot; what an overlay leaves alone is in no count
 * @param bytes content bytes to be written
 * @param examples up to 20 lines such as {@code "replace a/b.json"}
 * @param warnings what the operator should know, one sentence each
 * @param sizes the bytes of what is created, replaced, removed and kept; empty if the dataset cannot tell them apart
 * @param paths the same lines as the examples, as many as the request wanted listed, in path order; those to be removed last
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
        List<String> warnings,
        Optional<Sizes> sizes,
        List<String> paths) {

    /** Copies the lists. */
    public DatasetPlan {
        examples = List.copyOf(examples);
        warnings = List.copyOf(warnings);
        paths = List.copyOf(paths);
    }

    /** Of a dataset that cannot tell the bytes of each kind apart and lists no paths. */
    public DatasetPlan(
            String dataset,
            String target,
            long create,
            long replace,
            long remove,
            long keep,
            long bytes,
            List<String> examples,
            List<String> warnings) {
        this(dataset, target, create, replace, remove, keep, bytes, examples, warnings, Optional.empty(), List.of());
    }

    /** The same with the bytes of each kind. */
    public DatasetPlan sized(Sizes value) {
        return new DatasetPlan(
                dataset, target, create, replace, remove, keep, bytes, examples, warnings, Optional.of(value), paths);
    }

    /**
     * Content bytes.
     *
     * @param create of entries that would be made
     * @param replace of what would take the place of live entries
     * @param remove of live entries that would go to the trash without a successor
     * @param keep of entries that are as in the snapshot; they are written too
     */
    public record Sizes(long create, long replace, long remove, long keep) {}
}
