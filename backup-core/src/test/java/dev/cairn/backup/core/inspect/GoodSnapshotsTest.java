package dev.cairn.backup.core.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoodSnapshotsTest {

    private final MemoryBlobStore state = new MemoryBlobStore();

    private List<String> good(SnapshotRepository repository) {
        return GoodSnapshots.in(repository, state).stream()
                .map(metadata -> metadata.id().value())
                .toList();
    }

    private static Optional<String> objection(SnapshotRepository repository, String id) {
        SnapshotMetadata metadata = repository.list().stream()
                .map(stored -> ((StoredSnapshot.Committed) stored).metadata())
                .filter(one -> one.id().value().equals(id))
                .findFirst()
                .orElseThrow();
        return GoodSnapshots.objection(metadata, repository.marks(metadata.id()));
    }

    private static void mark(SnapshotRepository repository, String id, Mark.Kind kind, Instant at) {
        repository.mark(SnapshotId.of(id), new Mark(kind, "tests", at, "a test wanted it"));
    }

    private static void commit(
            SnapshotRepository repository, String id, String lineage, @Nullable SnapshotId safetyFor) {
        try (SnapshotWriter writer = repository.begin(number -> SnapshotId.of(id))) {
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Shelf.TIME)
                    .sequence(writer.sequence())
                    .lineage(lineage)
                    .safetyFor(safetyFor)
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void withoutAStateStoreNoneIsMeantAndNothingIsWrittenIntoIt(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        commit(repository, "snap-1", "local", null);
        assertEquals(List.of(), good(repository));
        assertEquals(List.of(), state.list(""));
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void suspectAbandonedForeignAndSafetySnapshotsAreNotMeant(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Lineage lineage = Lineage.open(state);
        for (int i = 1; i <= 4; i++) {
            commit(repository, "snap-" + i, lineage.id(), null);
        }
        commit(repository, "safety", lineage.id(), SnapshotId.of("snap-1"));
        commit(repository, "elsewhere", "another", null);
        assertEquals(List.of("snap-1", "snap-2", "snap-3", "snap-4"), good(repository));
        mark(repository, "snap-2", Mark.Kind.SUSPECT, Shelf.TIME);
        mark(repository, "snap-3", Mark.Kind.ABANDONED, Shelf.TIME);
        mark(repository, "snap-4", Mark.Kind.PINNED, Shelf.TIME);
        assertEquals(List.of("snap-1", "snap-4"), good(repository));
        assertEquals(Optional.empty(), objection(repository, "snap-4"));
        assertEquals(Optional.of("suspect: a test wanted it"), objection(repository, "snap-2"));
        assertEquals(Optional.of("abandoned: a test wanted it"), objection(repository, "snap-3"));
        assertEquals(Optional.of("safety for snap-1"), objection(repository, "safety"));
        mark(repository, "snap-2", Mark.Kind.ACKNOWLEDGED, Shelf.TIME.plusSeconds(1));
        assertEquals(List.of("snap-1", "snap-2", "snap-4"), good(repository));
    }
}
