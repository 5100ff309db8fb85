package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartialRequestTest {

    private static final RestoreRequest ALL = RestoreRequest.of(SnapshotId.of("snap-1"));

    private static List<EntryPath> paths(String... paths) {
        return Stream.of(paths).map(EntryPath::of).toList();
    }

    @Test
    void pathsBelowOthersAreTheSameRequestAndTheRootIsTheWhole() {
        assertEquals(paths("a/b", "a/bc"), new RestoreScope(paths("a/bc", "a/b/c", "a/b", "a/b"), false, 0).paths());
        assertTrue(new RestoreScope(paths("a", ""), false, 0).isWhole());
        assertFalse(new RestoreScope(List.of(), true, 0).isWhole());
    }

    @Test
    void pathsNarrowARequestToTheirDatasetsUnlessOthersAreNamed() {
        RestoreRequest one = ALL.paths("config", paths("a"));
        assertEquals(Set.of("config"), one.datasets().names());
        RestoreRequest two = one.paths("logs", paths("b"));
        assertEquals(Set.of("config", "logs"), two.datasets().names());
        assertEquals(paths("b"), two.scope("logs").paths());
        RestoreRequest mixed = ALL.datasets(DatasetSelection.only("db")).paths("config", paths("a"));
        assertEquals(Set.of("config", "db"), mixed.datasets().names());
        assertTrue(mixed.scope("db").isWhole());
        assertTrue(one.approvedBy("anna", "urgent")
                .overlay()
                .listPaths(7)
                .scope("config")
                .overlay());
        assertEquals(7, one.listPaths(7).asBootstrap().scope("config").listedPaths());
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThrows(InvalidValueException.class, () -> ALL.paths("config", List.of()));
        RestoreRequest one = ALL.paths("config", paths("a"));
        assertThrows(InvalidValueException.class, () -> one.datasets(DatasetSelection.only("db")));
        for (int most : new int[] {-1, RestoreScope.MOST_LISTED + 1}) {
            assertThrows(InvalidValueException.class, () -> ALL.listPaths(most));
        }
    }

    @Test
    void trashIsKeptForAtLeastOneRestoreAndSomeTime() {
        assertEquals(TrashRetention.of(3, Duration.ofDays(7)), TrashRetention.defaults());
        assertThrows(InvalidValueException.class, () -> TrashRetention.of(0, Duration.ofDays(1)));
        assertThrows(InvalidValueException.class, () -> TrashRetention.of(1, Duration.ZERO));
    }
}
