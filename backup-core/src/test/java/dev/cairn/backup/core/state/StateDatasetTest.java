package dev.cairn.backup.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDatasetTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    record V1(String name) {}

    record V2(String fullName) {}

    record V3(String fullName, List<String> tags) {}

    private final AtomicReference<V3> live = new AtomicReference<>(new V3("now", List.of()));
    private final List<V3> replaced = new ArrayList<>();

    private static JsonCodec<V3> third() {
        return JsonCodec.of(MAPPER, V3.class)
                .migrate(tree -> ((ObjectNode) tree).<ObjectNode>set("fullName", ((ObjectNode) tree).remove("name")))
                .migrate(tree -> ((ObjectNode) tree)
                        .<ObjectNode>set("tags", MAPPER.createArrayNode().add("migrated")));
    }

    private StateDataset<V3> dataset() {
        return StateDataset.of("state", third(), live::get, value -> {
            replaced.add(value);
            live.set(value);
        });
    }

    @Test
    void eachMigrationRaisesTheVersion() {
        assertEquals(1, JsonCodec.of(MAPPER, V1.class).schemaVersion());
        assertEquals(3, third().schemaVersion());
    }

    @Test
    void theFirstFormIsMigratedThroughTheSecondToTheThird() throws Exception {
        assertEquals(new V3("ann", List.of("migrated")), third().decode(json("{\"name\":\"ann\"}"), 1));
        assertEquals(new V3("ann", List.of("migrated")), third().decode(json("{\"fullName\":\"ann\"}"), 2));
        assertEquals(new V3("ann", List.of("x")), third().decode(json("{\"fullName\":\"ann\",\"tags\":[\"x\"]}"), 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4})
    void aVersionThatTheCodecDoesNotKnowIsRefused(int version) {
        InvalidValueException thrown =
                assertThrows(InvalidValueException.class, () -> third().decode(json("{}"), version));
        assertTrue(thrown.getMessage().contains("'" + version + "'"), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"unknown\":1}"})
    void whatIsNoSuchValueIsAnInputError(String text) {
        assertThrows(IOException.class, () -> JsonCodec.of(MAPPER, V1.class).decode(json(text), 1));
    }

    @Test
    void theCodecLeavesItsStreamsOpen() throws Exception {
        boolean[] closed = new boolean[2];
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        JsonCodec<V1> codec = JsonCodec.of(MAPPER, V1.class);
        codec.encode(new V1("a"), out);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray()) {
            @Override
            public void close() {
                closed[1] = true;
            }
        };
        assertEquals(new V1("a"), codec.decode(in, 1));
        assertEquals(List.of(false, false), List.of(closed[0], closed[1]));
    }

    @Test
    void aSnapshotOfTheFirstFormIsRestoredInTheThird() {
        restore(snapshotOf(StateDataset.of("state", JsonCodec.of(MAPPER, V1.class), () -> new V1("old"), v -> {})));
        assertEquals(new V3("old", List.of("migrated")), live.get());
    }

    @Test
    void aValueInANewerFormIsRefusedAndNothingIsReplaced() {
        MemorySnapshot newer = snapshotOf(dataset());
        StateDataset<V2> older = StateDataset.of(
                "state", JsonCodec.of(MAPPER, V2.class), () -> new V2("x"), value -> replaced.add(null));
        UnsupportedFormatException thrown = assertThrows(
                UnsupportedFormatException.class, () -> older.stage(newer, MapStageContext.create("restore-1")));
        assertTrue(thrown.getMessage().contains("3") && thrown.getMessage().contains("1"), thrown.getMessage());
        assertEquals(List.of(), replaced);
    }

    @Test
    void theValueIsTakenAtTheFreezeAndWrittenAfterIt() {
        live.set(new V3("at the freeze", List.of()));
        StateDataset<V3> dataset = dataset();
        MemorySnapshot taken;
        try (PreparedCapture prepared = dataset.prepare(context()).orElseThrow()) {
            live.set(new V3("inside the barrier", List.of()));
            try (FrozenView view = prepared.freeze()) {
                live.set(new V3("later", List.of()));
                taken = MemorySnapshot.of(dataset, view);
            }
        }
        restore(taken);
        assertEquals(new V3("inside the barrier", List.of()), live.get());
    }

    @Test
    void nothingIsEncodedInsideTheBarrier() {
        List<String> calls = new ArrayList<>();
        JsonCodec<V3> json = third();
        dev.cairn.backup.Codec<V3> watched = new dev.cairn.backup.Codec<>() {
            @Override
            public String fileName() {
                return json.fileName();
            }

            @Override
            public int schemaVersion() {
                return json.schemaVersion();
            }

            @Override
            public void encode(V3 value, java.io.OutputStream out) throws IOException {
                calls.add("encode");
                json.encode(value, out);
            }

            @Override
            public V3 decode(java.io.InputStream in, int storedVersion) throws IOException {
                return json.decode(in, storedVersion);
            }
        };
        StateDataset<V3> dataset = StateDataset.of("state", watched, live::get, live::set);
        try (PreparedCapture prepared = dataset.prepare(context()).orElseThrow();
                FrozenView view = prepared.freeze()) {
            assertEquals(List.of(), calls);
            MemorySnapshot.of(dataset, view);
            assertEquals(List.of("encode"), calls);
        }
    }

    @Test
    void countsAreThoseOfTheFrozenValue() {
        live.set(new V3("x", List.of("a", "b")));
        StateDataset<V3> counted =
                dataset().counts(value -> Map.of("tags", (long) value.tags().size()));
        assertEquals(Map.of("tags", 2L), snapshotOf(counted).summary().counts());
    }

    @Test
    void comparingCountsOneValue() {
        MemorySnapshot same = snapshotOf(dataset());
        DatasetPlan plan = dataset().compare(same);
        assertEquals(1, plan.keep());
        assertEquals(0, plan.replace());
        live.set(new V3("other", List.of()));
        assertEquals(1, dataset().compare(same).replace());
        assertEquals(List.of(), replaced);
    }

    @Test
    void rollbackGivesTheOldValueBack() {
        MemorySnapshot snapshot = snapshotOf(dataset());
        live.set(new V3("old", List.of("kept")));
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        assertEquals(new V3("now", List.of()), live.get());
        live.set(new V3("written meanwhile", List.of()));
        staged.rollback();
        assertEquals(new V3("old", List.of("kept")), live.get());
    }

    @Test
    void aSwapThatIsRepeatedKeepsTheFirstOldValue() {
        MemorySnapshot snapshot = snapshotOf(dataset());
        live.set(new V3("old", List.of()));
        MapStageContext context = MapStageContext.create("restore-1");
        dataset().stage(snapshot, context).swap();
        MapStageContext second = context.afterCrash();
        dataset().resume(second).swap();
        dataset().resume(second.afterCrash()).rollback();
        assertEquals(new V3("old", List.of()), live.get());
    }

    @Test
    void aConsumerThatThrowsLeavesRollbackPossible() {
        MemorySnapshot snapshot = snapshotOf(dataset());
        live.set(new V3("old", List.of()));
        boolean[] refuse = {true};
        StateDataset<V3> moody = StateDataset.of("state", third(), live::get, value -> {
            if (refuse[0]) {
                throw new IllegalStateException("not now");
            }
            live.set(value);
        });
        StagedRestore staged = moody.stage(snapshot, MapStageContext.create("restore-1"));
        assertThrows(IllegalStateException.class, staged::swap);
        refuse[0] = false;
        staged.rollback();
        assertEquals(new V3("old", List.of()), live.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema-version", "state.json"})
    void aSnapshotThatLacksAnEntryIsDamaged(String lacking) {
        List<Entry> rest = snapshotOf(dataset()).all().stream()
                .filter(entry -> !entry.path().value().equals(lacking))
                .toList();
        assertThrows(
                DamagedSnapshotException.class,
                () -> dataset().stage(MemorySnapshot.of("state", "state", rest), MapStageContext.create("r")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3\n", "99999999999", "-1", "0"})
    void aVersionThatIsNoNumberOfAFormIsATypedError(String version) {
        MemorySnapshot forged =
                MemorySnapshot.of("state", "state", List.of(file("schema-version", version), file("state.json", "{}")));
        assertThrows(BackupException.class, () -> dataset().stage(forged, MapStageContext.create("r")));
        assertThrows(BackupException.class, () -> dataset().compare(MemorySnapshot.of("state", "state", List.of())));
    }

    @Test
    void aValueThatCannotBeEncodedFailsTheSnapshotWithItsDataset() {
        StateDataset<Object> bad =
                StateDataset.of("bad", JsonCodec.of(MAPPER, Object.class), () -> new Object() {}, value -> {});
        SourceException thrown = assertThrows(SourceException.class, () -> snapshotOf(bad));
        assertEquals("bad", thrown.dataset());
    }

    private static MemorySnapshot snapshotOf(StateDataset<?> dataset) {
        return MemorySnapshot.take(dataset, context());
    }

    private void restore(MemorySnapshot snapshot) {
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        staged.finish();
    }

    private static Entry file(String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Entry.file(
                EntryPath.of(path), bytes.length, EntryAttributes.NONE, () -> new ByteArrayInputStream(bytes));
    }

    private static RecordingCaptureContext context() {
        return RecordingCaptureContext.of(SnapshotId.of("snap-1"), TestScratch.in(Path.of("never-used")));
    }

    private static ByteArrayInputStream json(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
