package dev.cairn.backup.core.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.TestScratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedArchiveTest {

    private static final String PASSPHRASE = "korrekt Pferd Batterie Käfer";

    @TempDir
    Path folder;

    private final BrowsableRepository from = Snapshots.sample();
    private final ArchiveKey key = key(PASSPHRASE);

    private record Sealed(byte[] archive, String mac) {}

    private static ArchiveKey key(String passphrase) {
        return ArchiveKey.ofPassphrase(passphrase.toCharArray()).iterations(10_000);
    }

    private Sealed sealed(ArchiveFormat format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnapshotReader reader = from.read(SnapshotId.of("snap-1"))) {
            ExportReport report =
                    SnapshotArchive.export(reader, ExportRequest.of(format).key(key), out);
            assertEquals(EntryDigest.hexOf(out.toByteArray()), report.sha256());
            return new Sealed(out.toByteArray(), report.mac().orElseThrow());
        }
    }

    private <T extends BackupException> T refused(Class<T> type, byte[] archive, ImportRequest request) {
        BrowsableRepository into = Snapshots.repository();
        T thrown = assertThrows(
                type, () -> SnapshotArchive.importSnapshot(new ByteArrayInputStream(archive), into, request));
        assertTrue(into.list().stream().noneMatch(s -> s instanceof StoredSnapshot.Committed));
        assertFalse(thrown.toString().contains(PASSPHRASE));
        return thrown;
    }

    private ImportRequest request() {
        return ImportRequest.of(TestScratch.in(folder));
    }

    @Test
    void anEncryptedArchiveComesBackAndDiffersEachTime() {
        for (ArchiveFormat format : ArchiveFormat.values()) {
            Sealed sealed = sealed(format);
            BrowsableRepository into = Snapshots.repository();
            SnapshotArchive.importSnapshot(
                    new ByteArrayInputStream(sealed.archive()), into, request().key(key, sealed.mac()));
            assertEquals(Snapshots.describe(from, "snap-1"), Snapshots.describe(into, "snap-1"));
        }
        assertNotEquals(
                sealed(ArchiveFormat.TAR).mac(), sealed(ArchiveFormat.TAR).mac());
    }

    @Test
    void verifyingListsEveryEntryOfEveryDatasetInOrder() {
        Sealed sealed = sealed(ArchiveFormat.TAR_GZIP);
        List<String> found = new ArrayList<>();
        SnapshotArchive.verify(
                new ByteArrayInputStream(sealed.archive()),
                request().key(key, sealed.mac()),
                (dataset, path) -> found.add(dataset + " " + path));
        List<String> there = new ArrayList<>();
        try (SnapshotReader reader = from.read(SnapshotId.of("snap-1"))) {
            for (DatasetSummary summary : reader.manifest().metadata().datasets()) {
                if (summary.present()) {
                    try (EntryCursor entries = reader.dataset(summary.name()).entries()) {
                        for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                            there.add(summary.name() + " " + entry.path());
                        }
                    }
                }
            }
        }
        assertTrue(there.size() > 10, there.toString());
        assertEquals(there, found);
    }

    @Test
    void aKeyThatIsMissingOrWrongIsATypedError() {
        for (ArchiveFormat format : ArchiveFormat.values()) {
            Sealed sealed = sealed(format);
            assertEquals(
                    KeyException.Reason.MISSING,
                    refused(KeyException.class, sealed.archive(), request()).reason());
            KeyException wrong =
                    refused(KeyException.class, sealed.archive(), request().key(key("another"), sealed.mac()));
            assertEquals(KeyException.Reason.WRONG, wrong.reason());
            assertFalse(wrong.getMessage().contains("another"));
        }
    }

    @Test
    void anotherMacOrAnArchiveInPlaintextIsRefusedWhenAKeyIsGiven() {
        Sealed sealed = sealed(ArchiveFormat.TAR_GZIP);
        refused(
                DamagedArchiveException.class,
                sealed.archive(),
                request().key(key, sealed(ArchiveFormat.TAR_GZIP).mac()));
        refused(
                DamagedArchiveException.class,
                Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR)),
                request().key(key, sealed.mac()));
        assertThrows(InvalidValueException.class, () -> request().key(key, "none"));
    }

    @Test
    void whatWasAlteredIsRefusedEvenWhereTarDoesNotLook() {
        Sealed sealed = sealed(ArchiveFormat.TAR);
        // The padding after the last member: the block is garbled, and so is the one after it, but the tar ends before.
        for (int at : new int[] {5_000, sealed.archive().length - 700}) {
            refused(
                    BackupException.class,
                    Snapshots.flipped(sealed.archive(), at, 3),
                    request().key(key, sealed.mac()));
        }
        refused(
                DamagedArchiveException.class,
                Snapshots.cut(sealed.archive(), sealed.archive().length - 16),
                request().key(key, sealed.mac()));
        refused(
                DamagedArchiveException.class,
                Snapshots.cut(sealed.archive(), sealed.archive().length + 16),
                request().key(key, sealed.mac()));
    }

    @Test
    void passphrasesThatOpensslWouldNotTakeAreRefusedAndNoneIsShown() {
        for (String bad : new String[] {"", "two\nlines", "nul\0"}) {
            assertEquals(
                    KeyException.Reason.MALFORMED,
                    assertThrows(KeyException.class, () -> ArchiveKey.ofPassphrase(bad.toCharArray()))
                            .reason());
        }
        assertThrows(InvalidValueException.class, () -> key.iterations(1_000));
        assertEquals("ArchiveKey[iterations=10000]", key.toString());
        assertFalse(request().key(key, "0".repeat(64)).toString().contains(PASSPHRASE));
    }

    @Test
    void opensslDecryptsItAndTarListsIt() throws Exception {
        assumeTrue(Tools.isThere("openssl", "version", "OpenSSL"));
        Sealed sealed = sealed(ArchiveFormat.TAR_GZIP);
        Path file = Files.write(folder.resolve("proofs.tar.gz.enc"), sealed.archive());
        Tools.Ended opened = Tools.run(
                folder,
                Map.of("ARCHIVE_ENCRYPTION_KEY", PASSPHRASE),
                "openssl",
                "enc",
                "-d",
                "-aes-256-cbc",
                "-pbkdf2",
                "-iter",
                "10000",
                "-md",
                "sha256",
                "-pass",
                "env:ARCHIVE_ENCRYPTION_KEY",
                "-in",
                file.toString());
        assertEquals("", opened.errors());
        assertArrayEquals(Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR_GZIP)), opened.output());
    }

    @Test
    void theMacIsTheOneThatTheDocumentedCommandsCompute() throws Exception {
        assumeTrue(Tools.isThere("openssl", "version", "OpenSSL 3"));
        Sealed sealed = sealed(ArchiveFormat.TAR_ZSTD);
        assertEquals(sealed.mac(), SnapshotArchive.mac(new ByteArrayInputStream(sealed.archive()), key));
        Files.write(folder.resolve("proofs.tar.gz.enc"), sealed.archive());
        Tools.Ended mac = Tools.run(folder, Map.of("ARCHIVE_ENCRYPTION_KEY", PASSPHRASE), "sh", "-c", """
                salt=$(head -c 16 proofs.tar.gz.enc | tail -c 8 | od -An -v -tx1 | tr -d ' \\n')
                key=$(openssl kdf -keylen 80 -kdfopt digest:SHA256 -kdfopt pass:"$ARCHIVE_ENCRYPTION_KEY" -kdfopt hexsalt:$salt \\
                    -kdfopt iter:10000 -binary PBKDF2 | tail -c 32 | od -An -v -tx1 | tr -d ' \\n')
                openssl dgst -sha256 -mac HMAC -macopt hexkey:$key proofs.tar.gz.enc
                """);
        assertEquals("", mac.errors());
        assertTrue(mac.text().strip().endsWith(sealed.mac()), mac.text());
    }
}
