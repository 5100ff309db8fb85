package dev.cairn.backup.core;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Refuses a configuration that can never be right, before anything is written. */
record ConfigurationCheck(
        SnapshotRepository repository,
        BlobStore state,
        List<Dataset> datasets,
        List<Schedule> schedules,
        ShutdownPolicy shutdown,
        @Nullable ThreadFactory threads,
        Optional<Location> audit,
        Optional<Location> auditHead) {

    void run() {
        datasetNames();
        scheduleNames();
        for (Dataset dataset : datasets) {
            apart(dataset, repository.location(), "the repository");
            apart(dataset, state.location(), "the state store");
            apart(dataset, audit, "the audit log"); // A restore would take back who did what.
            apart(dataset, auditHead, "the head record of the audit log");
            repository.keyLocations().forEach(key -> withoutKey(dataset, key));
        }
        datasets.stream()
                .filter(dataset -> dataset.continuousSource().isPresent())
                .forEach(this::continuous);
        if (shutdown.jvmHook() && threads == null) {
            throw new ConfigurationException(
                    "A JVM shutdown hook needs a thread, and callerThreadsOnly() allows none",
                    "Leave out one of the two and call shutdown(budget) from the host's own hook");
        }
    }

    private void continuous(Dataset dataset) {
        if (threads == null) {
            throw new ConfigurationException(
                    "Dataset '" + dataset.name()
                            + "' is protected continuously, which needs threads, and callerThreadsOnly() allows none",
                    "Leave out one of the two");
        }
        if (repository.segments().isEmpty()) {
            throw new ConfigurationException(
                    "Dataset '" + dataset.name() + "' is protected continuously, and the " + repository.describe()
                            + " keeps no change logs",
                    "Take another repository, or protect the dataset by snapshots only");
        }
        if (schedules.stream().anyMatch(schedule -> schedule.name().equals(RetentionPools.CONTINUOUS))) {
            throw new ConfigurationException(
                    "A schedule is named '" + RetentionPools.CONTINUOUS + "' as the bases of dataset '" + dataset.name()
                            + "' are, which is protected continuously",
                    "Give it another name");
        }
    }

    private void datasetNames() {
        if (datasets.isEmpty()) {
            throw new ConfigurationException(
                    "No dataset is configured", "Call Cairn.builder().dataset(…) at least once");
        }
        Set<String> names = new HashSet<>();
        for (Dataset dataset : datasets) {
            String name = dataset.name();
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
                throw new ConfigurationException(
                        "The dataset name '" + name + "' is not allowed",
                        "Allowed are 1 to 64 characters of a-z A-Z 0-9 . _ - that do not begin with a dot");
            }
            if (!names.add(name)) {
                throw new ConfigurationException("Two datasets are named '" + name + "'", "Give each its own name");
            }
        }
    }

    private void scheduleNames() {
        Set<String> names = new HashSet<>();
        for (Schedule schedule : schedules) {
            if (!names.add(schedule.name())) {
                throw new ConfigurationException(
                        "Two schedules are named '" + schedule.name() + "'",
                        "Give each its own name; policy(…) makes one named periodic");
            }
            for (String dataset : schedule.datasets().names()) {
                if (datasets.stream().noneMatch(known -> known.name().equals(dataset))) {
                    throw new ConfigurationException(
                            "Schedule '" + schedule.name() + "' names the dataset '" + dataset
                                    + "', which is not configured",
                            "Configured are "
                                    + datasets.stream().map(Dataset::name).toList());
                }
            }
        }
    }

    /** A key that is stored with what it encrypts opens nothing on the day when only the repository is left. */
    private static void withoutKey(Dataset dataset, Location key) {
        if (dataset.location().filter(data -> data.contains(key)).isPresent()) {
            throw new ConfigurationException(
                    "Dataset '" + dataset.name() + "' at "
                            + dataset.location().get().place() + " contains the repository's key at " + key.place(),
                    "Keep the key in a folder of its own outside every dataset");
        }
    }

    private static void apart(Dataset dataset, Optional<Location> store, String what) {
        Optional<Location> data = dataset.location();
        if (data.isEmpty() || store.isEmpty()) {
            return;
        }
        if (data.get().contains(store.get()) || store.get().contains(data.get())) {
            throw new ConfigurationException(
                    "Dataset '" + dataset.name() + "' at " + data.get().place() + " and " + what + " at "
                            + store.get().place() + " lie within each other",
                    "Keep " + what + " in a folder of its own outside every dataset");
        }
    }
}
