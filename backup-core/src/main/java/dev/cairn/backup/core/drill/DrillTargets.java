package dev.cairn.backup.core.drill;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Dataset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a snapshot's datasets a drill restores.
 *
 * @param datasets the host's, by name, in the snapshot's order
 * @param missing why others that were asked for cannot be, by name
 * @param warnings what else the operator should know
 */
record DrillTargets(Map<String, Dataset> datasets, Map<String, String> missing, List<String> warnings) {

    static DrillTargets of(SnapshotMetadata snapshot, List<Dataset> configured, DatasetSelection wanted) {
        DrillTargets targets = new DrillTargets(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        snapshot.datasets().stream()
                .filter(summary -> wanted.includes(summary.name()))
                .forEach(summary -> targets.add(summary, configured));
        configured.stream()
                .map(Dataset::name)
                .filter(name -> wanted.includes(name) && snapshot.dataset(name).isEmpty())
                .forEach(name -> targets.lacks(name, wanted.everything()));
        return targets;
    }

    private void add(DatasetSummary summary, List<Dataset> configured) {
        if (!summary.present()) {
            warnings.add("dataset '" + summary.name() + "' was absent when the snapshot was taken");
            return;
        }
        Optional<Dataset> own = configured.stream()
                .filter(dataset ->
                        dataset.name().equals(summary.name()) && dataset.kind().equals(summary.kind()))
                .findFirst();
        own.ifPresentOrElse(
                dataset -> datasets.put(summary.name(), dataset),
                () -> missing.put(
                        summary.name(),
                        "the host has no dataset '" + summary.name() + "' of kind '" + summary.kind() + "'"));
    }

    /** One that was asked for by name is missed; else a schedule may have left it out. */
    private void lacks(String name, boolean everything) {
        String lacks = "the snapshot does not hold the configured dataset '" + name + "'";
        if (everything) {
            warnings.add(lacks);
        } else {
            missing.put(name, lacks);
        }
    }
}
