package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CairnBuilderTest {

    private final MemoryBlobStore repository = new MemoryBlobStore();
    private final MemoryBlobStore state = new MemoryBlobStore();

    @Test
    void aRepositoryAStateStoreAndADatasetAreEnough() {
        try (SnapshotManager manager = complete().open()) {
            assertEquals(List.of(), manager.list());
        }
    }

    @Test
    void eachMissingPartIsNamed() {
        assertRefused(Cairn.builder().state(state).dataset(data()), "repository");
        assertRefused(
                Cairn.builder().repository(BrowsableRepository.at(repository)).dataset(data()), "state");
        assertRefused(
                Cairn.builder().repository(BrowsableRepository.at(repository)).state(state), "dataset");
    }

    @Test
    void twoDatasetsOfOneNameAreRefused() {
        assertRefused(complete().dataset(FakeDataset.of("data")), "'data'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "a/b", "a b", "..", "\u00e4"})
    void aDatasetNameThatIsNoPlainNameIsRefused(String name) {
        assertRefused(complete().dataset(FakeDataset.of(name)), "'" + name + "'");
    }

    @ParameterizedTest
    @CsvSource({"/data, /data", "/data, /data/backups", "/data/live, /data"})
    void aDatasetThatContainsAStoreOrLiesInItIsRefused(String dataset, String store) {
        FakeDataset data = FakeDataset.of("files").location(place(dataset));
        BlobStore placed = ForwardingStore.at(repository, place(store));
        assertRefused(
                Cairn.builder()
                        .repository(BrowsableRepository.at(placed))
                        .state(state)
                        .dataset(data),
                "the repository");
        assertRefused(
                Cairn.builder()
                        .repository(BrowsableRepository.at(repository))
                        .state(placed)
                        .dataset(data),
                "the state store");
    }

    @Test
    void neighboursWhoseNamesBeginAlikeAreAllowed() {
        BlobStore placed = ForwardingStore.at(repository, place("/data-backups"));
        Cairn.builder()
                .repository(BrowsableRepository.at(placed))
                .state(state)
                .dataset(FakeDataset.of("files").location(place("/data")))
                .open()
                .close();
    }

    @Test
    void aScheduleThatNamesAnUnknownDatasetIsRefused() {
        assertRefused(
                complete()
                        .schedule(
                                "nightly",
                                Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                                DatasetSelection.only("data", "memory"),
                                Retention.keepLast(7)),
                "'memory'");
    }

    @Test
    void twoSchedulesOfOneNameAreRefusedAlsoWhenAPolicyMadeOne() {
        assertRefused(
                complete()
                        .policy(SnapshotPolicy.defaults())
                        .schedule(
                                SnapshotPolicy.SCHEDULE,
                                Recurrence.every(Duration.ofHours(1)),
                                DatasetSelection.all(),
                                Retention.keepLast(1)),
                "'periodic'");
    }

    @Test
    void aJvmHookWithoutThreadsIsAContradiction() {
        assertRefused(
                complete()
                        .callerThreadsOnly()
                        .onShutdown(ShutdownPolicy.snapshotWithin(Duration.ofSeconds(1))
                                .withJvmHook()),
                "hook");
    }

    @Test
    void badValuesAreRefusedWhereTheyAreGiven() {
        assertThrows(InvalidValueException.class, () -> complete().barrierTimeout(Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> complete().barrierTimeout(Duration.ofSeconds(-1)));
        assertThrows(InvalidValueException.class, () -> complete().maxAge(Duration.ofNanos(-1)));
        complete().maxAge(Duration.ZERO).barrierTimeout(Duration.ofNanos(1));
    }

    @Test
    void whatIsRefusedHasWrittenNothing() {
        assertRefused(complete().dataset(FakeDataset.of("data")), "'data'");
        assertEquals(0, repository.list("").size() + state.list("").size());
    }

    @Test
    void aMaxAgeBelowTheIntervalIsWarnedOf() {
        try (SnapshotManager manager = complete()
                .policy(SnapshotPolicy.defaults())
                .schedulesRunByHost()
                .open()) {
            assertEquals(1, manager.health().warnings().size());
            assertTrue(
                    manager.health().warnings().get(0).contains("PT10M"),
                    manager.health().warnings().toString());
        }
    }

    @Test
    void oneDiskForDataAndRepositoryIsWarnedOf() {
        BlobStore placed = ForwardingStore.at(repository, new Location(URI.create("file:///backups"), "disk-1"));
        try (SnapshotManager manager = Cairn.builder()
                .repository(BrowsableRepository.at(placed))
                .state(state)
                .dataset(FakeDataset.of("files").location(new Location(URI.create("file:///data"), "disk-1")))
                .open()) {
            assertTrue(manager.health().warnings().get(0).contains("same disk"));
        }
    }

    private CairnBuilder complete() {
        return Cairn.builder()
                .repository(BrowsableRepository.at(repository))
                .state(state)
                .dataset(data());
    }

    private static FakeDataset data() {
        return FakeDataset.of("data").file("a", "x");
    }

    private static Location place(String path) {
        return new Location(URI.create("file://" + path), "");
    }

    private static void assertRefused(CairnBuilder builder, String named) {
        BackupException thrown = assertThrows(ConfigurationException.class, builder::open);
        assertTrue(thrown.getMessage().contains(named), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith(thrown.nextStep()), thrown.getMessage());
    }
}
