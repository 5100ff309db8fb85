package dev.cairn.backup.core.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.testkit.FixedKeys;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContainersTest {

    private static final String NAME = "snapshots/snap-1";

    private final Containers containers = Sample.containers();

    @Test
    void bodiesOfEveryLengthComeBack() {
        for (int length : Sample.LENGTHS) {
            byte[] body = Sample.body(length);
            byte[] stored = containers.seal(ContainerKind.MANIFEST, NAME, body);
            assertEquals(ContainerLayout.storedSize(ContainerLayout.padme(8 + length)), stored.length);
            assertArrayEquals(body, containers.open(ContainerKind.MANIFEST, NAME, stored), length + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void everyKindOpensAsItselfAndAsNoOther(ContainerKind kind) {
        byte[] stored = containers.seal(kind, NAME, Sample.body(10));
        assertEquals(kind.ordinal() + 1, stored[10]);
        for (ContainerKind other : ContainerKind.values()) {
            if (other == kind) {
                assertArrayEquals(Sample.body(10), containers.open(other, NAME, stored));
            } else {
                refused(containers, other, NAME, stored);
            }
        }
        // Whoever rewrites the number of the kind meets the commitment.
        byte[] renumbered = stored.clone();
        renumbered[10] = (byte) (kind == ContainerKind.LEDGER ? 6 : 7);
        refused(
                containers,
                kind == ContainerKind.LEDGER ? ContainerKind.CONDEMNED : ContainerKind.LEDGER,
                NAME,
                renumbered);
    }

    @Test
    void aManifestUnderAnothersNameIsRefused() {
        byte[] stored = containers.seal(ContainerKind.MANIFEST, NAME, Sample.body(10));
        refused(containers, ContainerKind.MANIFEST, "snapshots/snap-2", stored);
    }

    @Test
    void packsAndIndexSegmentsAreNotBoundToAName() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(10));
        assertArrayEquals(Sample.body(10), containers.open(ContainerKind.PACK, "packs/ab/abcd", stored));
    }

    @Test
    void anotherRepositoryKeyOrEpochIsRefused() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(10));
        byte[] master = FixedKeys.secret("master");
        byte[] dedup = FixedKeys.secret("dedup");
        refused(new Containers(new byte[16], Sample.secrets()), ContainerKind.PACK, "p", stored);
        refused(
                new Containers(Sample.REPOSITORY, new RepositorySecrets(1, FixedKeys.secret("other"), dedup)),
                ContainerKind.PACK,
                "p",
                stored);
        refused(
                new Containers(Sample.REPOSITORY, new RepositorySecrets(2, master, dedup)),
                ContainerKind.PACK,
                "p",
                stored);
        assertEquals(
                10,
                new Containers(Sample.REPOSITORY, new RepositorySecrets(1, master, FixedKeys.secret("other")))
                        .open(ContainerKind.PACK, "p", stored)
                        .length,
                "the dedup secret takes no part");
    }

    @Test
    void everyFlippedBitOfASmallContainerIsRefused() {
        byte[] stored = containers.seal(ContainerKind.MARK, NAME, Sample.body(21));
        for (int i = 0; i < stored.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = stored.clone();
                flipped[i] ^= (byte) (1 << bit);
                refused(containers, ContainerKind.MARK, NAME, flipped);
            }
        }
    }

    @Test
    void aFlippedByteInAnyFrameOrTagIsRefused() {
        byte[] stored = containers.seal(ContainerKind.MARK, NAME, Sample.body(40_000));
        for (int i = 96; i < stored.length; i += 997) {
            byte[] flipped = stored.clone();
            flipped[i] ^= 1;
            refused(containers, ContainerKind.MARK, NAME, flipped);
        }
    }

    @Test
    void everyTruncationOfASmallContainerAndOneAtAFrameIsRefused() {
        byte[] small = containers.seal(ContainerKind.MARK, NAME, Sample.body(21));
        for (int length = 0; length < small.length; length++) {
            refused(containers, ContainerKind.MARK, NAME, Arrays.copyOf(small, length));
        }
        refused(containers, ContainerKind.MARK, NAME, Arrays.copyOf(small, small.length + 1));
        byte[] large = containers.seal(ContainerKind.MARK, NAME, Sample.body(50_000));
        for (int frames = 1; frames <= 3; frames++) {
            refused(containers, ContainerKind.MARK, NAME, Arrays.copyOf(large, 96 + frames * 16_400));
        }
    }

    @Test
    void framesThatChangedPlacesAreRefused() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(60_000));
        byte[] swapped = stored.clone();
        System.arraycopy(stored, 96, swapped, 96 + 16_400, 16_400);
        System.arraycopy(stored, 96 + 16_400, swapped, 96, 16_400);
        refused(containers, ContainerKind.PACK, "p", swapped);
    }

    @Property(tries = 300)
    void whateverBytesAreOpenedEndInDamage(@ForAll @Size(max = 300) byte[] bytes) {
        refused(containers, ContainerKind.INDEX, "index/x", bytes);
        byte[] headed = containers.seal(ContainerKind.INDEX, "", new byte[0]);
        byte[] tail = Arrays.copyOf(headed, 96 + bytes.length);
        System.arraycopy(bytes, 0, tail, 96, bytes.length);
        refused(containers, ContainerKind.INDEX, "index/x", tail);
    }

    @Test
    void equalBodiesHaveDifferentSaltsKeysAndBytes() {
        byte[] one = containers.seal(ContainerKind.MARK, NAME, Sample.body(100));
        byte[] two = containers.seal(ContainerKind.MARK, NAME, Sample.body(100));
        assertFalse(Arrays.equals(one, 32, 64, two, 32, 64), "salts");
        assertFalse(Arrays.equals(one, 96, one.length, two, 96, two.length), "frames");
    }

    @Test
    void secretsShowInNoText() {
        RepositorySecrets secrets = Sample.secrets();
        String shown = secrets + " " + containers + " "
                + assertThrows(
                        DamagedRepositoryException.class,
                        () -> containers.open(ContainerKind.PACK, "p", new byte[200]));
        for (byte[] secret : new byte[][] {FixedKeys.secret("master"), FixedKeys.secret("dedup")}) {
            assertFalse(shown.contains(HexFormat.of().formatHex(secret)), shown);
            assertFalse(shown.contains(Arrays.toString(secret)), shown);
        }
    }

    private static void refused(Containers containers, ContainerKind kind, String name, byte[] stored) {
        DamagedRepositoryException e =
                assertThrows(DamagedRepositoryException.class, () -> containers.open(kind, name, stored));
        assertEquals(name, e.damaged());
        assertTrue(e.getMessage().startsWith(name + " "), e.getMessage());
    }
}
