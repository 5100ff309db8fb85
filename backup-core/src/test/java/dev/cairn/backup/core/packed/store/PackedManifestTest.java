package dev.cairn.backup.core.packed.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.SnapshotManifest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedManifestTest {

    private static final SnapshotId ID = SnapshotId.of("snap-1");
    private static final String TIMELINE = "0123456789abcdef0123456789abcdef";

    private static PackedManifest manifest(Optional<LogPosition> log) {
        DatasetSummary dataset =
                new DatasetSummary("db", "sqlite", true, 1, 4096, Optional.empty(), Map.of("rows", 3L), log);
        return new PackedManifest(
                new SnapshotManifest(
                        SnapshotMetadata.builder(ID, Instant.EPOCH)
                                .sequence(1)
                                .datasets(List.of(dataset))
                                .build(),
                        Duration.ZERO,
                        Map.of(),
                        List.of()),
                Map.of());
    }

    private static String text(PackedManifest manifest) {
        return new String(manifest.encode(), StandardCharsets.UTF_8);
    }

    private static PackedManifest decode(String text) {
        return PackedManifest.decode(ID, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whereTheLogStoodIsToldAsTheFormatSays() {
        PackedManifest logged = manifest(Optional.of(new LogPosition(TIMELINE, Long.MAX_VALUE)));
        assertTrue(text(logged)
                .contains("\"log\":{\"timeline\":\"" + TIMELINE + "\",\"transaction\":" + Long.MAX_VALUE + "}"));
        assertEquals(logged.manifest(), decode(text(logged)).manifest());
    }

    @Test
    void aManifestWithoutItIsOfADatasetThatHadNoLog() {
        PackedManifest plain = manifest(Optional.empty());
        assertFalse(text(plain).contains("log"));
        assertEquals(plain.manifest(), decode(text(plain)).manifest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"timeline\":\"abc\",\"transaction\":5}",
                "{\"timeline\":\"" + TIMELINE + "\",\"transaction\":-1}",
                "{\"timeline\":\"" + TIMELINE + "\"}",
                "7"
            })
    void aPositionThatCannotBeIsDamage(String position) {
        String text = text(manifest(Optional.of(new LogPosition(TIMELINE, 5))))
                .replace("{\"timeline\":\"" + TIMELINE + "\",\"transaction\":5}", position);
        assertTrue(text.contains("\"log\":" + position));
        assertThrows(DamagedSnapshotException.class, () -> decode(text));
    }
}
