package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.spi.EntryPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a snapshot is restored, and who approves of one that is too old. */
final class RestoreOptions {

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Only this dataset; repeatable. Default: all that the snapshot has.")
    private List<String> datasets = new ArrayList<>();

    @Option(
            names = "--path",
            paramLabel = "DATASET/PATH",
            description = "Only this file, or this folder with all below it; repeatable. Of file trees only.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = "--overlay",
            description = "Leave files alone that the snapshot does not have. Of file trees only, so name them.")
    private boolean overlay;

    @Option(
            names = "--approve-too-old",
            description =
                    "Approve of a snapshot that is older than allowed, in the name that --as gives. Needs --reason.")
    private boolean approve;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private @Nullable String reason;

    /** Made by picocli. */
    RestoreOptions() {}

    RestoreRequest request(Invocation in, SnapshotId target) {
        RestoreRequest request = RestoreRequest.of(target);
        if (!datasets.isEmpty()) {
            request = request.datasets(DatasetSelection.only(datasets.toArray(String[]::new)));
        }
        for (Map.Entry<String, List<EntryPath>> each : byDataset().entrySet()) {
            request = request.paths(each.getKey(), each.getValue());
        }
        if (overlay) {
            request = request.overlay();
        }
        if (approve || reason != null) {
            request = approved(in, request);
        }
        return request.cancellation(in.cancellation()).progress(in.output().progress());
    }

    /** The datasets that are named. */
    Set<String> named() {
        Set<String> names = new LinkedHashSet<>(datasets);
        names.addAll(byDataset().keySet());
        return names;
    }

    private Map<String, List<EntryPath>> byDataset() {
        Map<String, List<EntryPath>> found = new LinkedHashMap<>();
        for (String path : paths) {
            EntryPlace place = EntryPlace.inSnapshot("--path", path);
            if (place.path().isRoot()) {
                throw new InvalidValueException("--path", path, "DATASET/PATH; for a whole dataset there is --dataset");
            }
            found.computeIfAbsent(place.dataset(), name -> new ArrayList<>()).add(place.path());
        }
        return found;
    }

    private RestoreRequest approved(Invocation in, RestoreRequest request) {
        if (!approve || reason == null) {
            throw new InvalidValueException(
                    approve ? "--reason" : "--approve-too-old",
                    "",
                    "--approve-too-old and --reason TEXT together, with --as NAME for who approves");
        }
        return request.approvedBy(in.actor().id(), reason);
    }
}
