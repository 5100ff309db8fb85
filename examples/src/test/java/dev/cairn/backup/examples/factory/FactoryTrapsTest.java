package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.JsonDigests;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.cursor.TokenUse;
import dev.cairn.backup.cursor.UsedToken;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.ProofArchives;
import dev.cairn.backup.examples.factory.federation.NonceStore;
import dev.cairn.backup.examples.factory.govern.PanicFlag;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.trap.Trap;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.KeyProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes that implementations of this runbook are known to make: each check fails on the mistake and passes on the factory. */
class FactoryTrapsTest {

    @TempDir
    Path temp;

    // 1: subfolders

    /** Archives a folder of proofs, and tells which are in the archive. */
    private interface Archiver {
        Set<String> archived(Path proofs) throws Exception;
    }

    @Test
    void factory01_trap_subfoldersAreLeftOut() throws Exception {
        FactorySite site = FactorySite.in(temp, 1);
        Set<String> there = Set.of("top.json", "line-1/day/a.json", "line-1/b.json", "line-2/day/deep/c.json");
        for (String path : there) {
            Path file = site.place().proofs().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{}");
        }
        Trap.<Archiver>catches(
                archiver -> assertEquals(there, archiver.archived(site.place().proofs())),
                FactoryTrapsTest::zippedLikeTheRunbook,
                proofs -> archivedByTheFactory(site));
    }

    /** {@code proof/*.json}, as the runbook writes it. */
    private static Set<String> zippedLikeTheRunbook(Path proofs) throws IOException {
        Path archive = proofs.resolveSibling("naive.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.list(proofs)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
        Set<String> names = new TreeSet<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private static Set<String> archivedByTheFactory(FactorySite site) throws IOException {
        FactoryPlace place = site.place();
        KeyProvider key = KeyProvider.secret("the test", () -> HexFormat.of().parseHex(site.archiveSecret()));
        ProofArchives archives = new ProofArchives(place, Secrets.archive(site.archiveSecret()), site.factorySigner());
        PackedRepository repository = PackedRepository.at(FileBlobStore.at(place.repository()), key);
        try (SnapshotManager backups = Cairn.builder()
                .repository(repository)
                .state(FileBlobStore.at(place.state()))
                .dataset(FilesDataset.of(Datasets.PROOFS, place.proofs()).consistency(Consistency.IMMUTABLE))
                .open()) {
            archives.write(repository, backups.create().id());
        }
        LocalDate day = archives.days().get(0);
        Set<String> proofs = new TreeSet<>(archives.verify(day).content());
        proofs.removeIf(path -> !path.endsWith(".json"));
        return proofs;
    }

    // 2: nested keys

    /** A digest of a JSON document. */
    private interface Digest {
        String of(String json) throws Exception;
    }

    @Test
    void factory02_trap_nestedKeysAreDropped() {
        Trap.<Digest>catches(
                digest -> {
                    assertEquals(digest.of("{\"a\":{\"b\":1},\"c\":2}"), digest.of("{ \"c\":2, \"a\":{\"b\":1} }"));
                    assertNotEquals(digest.of("{\"a\":{\"b\":1},\"c\":2}"), digest.of("{\"a\":{\"b\":9},\"c\":2}"));
                    assertNotEquals(digest.of("{\"a\":[{\"b\":1}]}"), digest.of("{\"a\":[{\"b\":9}]}"));
                },
                FactoryTrapsTest::digestLikeStringifyWithKeys,
                JsonDigests::digest);
    }

    /** {@code sha256(JSON.stringify(value, Object.keys(value).sort()))}: the list of keys filters at every depth, so that nested ones vanish. */
    private static String digestLikeStringifyWithKeys(String json) throws GeneralSecurityException {
        JsonNode value = Json.read(json);
        List<String> keys = new ArrayList<>();
        value.fieldNames().forEachRemaining(keys::add);
        keys.sort(Comparator.naturalOrder());
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(stringified(value, keys).getBytes(StandardCharsets.UTF_8)));
    }

    private static String stringified(JsonNode value, List<String> keys) {
        List<String> parts = new ArrayList<>();
        if (value.isObject()) {
            keys.stream()
                    .filter(value::has)
                    .forEach(key -> parts.add("\"" + key + "\":" + stringified(value.get(key), keys)));
            return "{" + String.join(",", parts) + "}";
        }
        if (value.isArray()) {
            value.forEach(element -> parts.add(stringified(element, keys)));
            return "[" + String.join(",", parts) + "]";
        }
        return value.toString();
    }

    // 4: nonces

    /** Uses nonces once, and goes on after a restore with what the restored ledger knows. */
    private interface Nonces extends AutoCloseable {
        boolean use(String nonce, Instant issuedAt) throws Exception;

        void restored(List<UsedToken> ledger) throws Exception;

        @Override
        void close() throws SQLException;
    }

    @Test
    void factory04_trap_theNonceStoreIsRebuiltFromALedgerThatLacksTheLatestNonces() throws Exception {
        Instant issued = Instant.now();
        Trap.Check<Nonces> check = nonces -> {
            assertTrue(nonces.use("before-the-snapshot", issued));
            assertTrue(nonces.use("after-the-snapshot", issued));
            nonces.restored(List.of(new UsedToken("before-the-snapshot", issued)));
            assertFalse(nonces.use("before-the-snapshot", issued));
            assertFalse(nonces.use("after-the-snapshot", issued), "used before the loss");
        };
        try (Nonces naive = new TableOfNonces(temp.resolve("naive.db"), () -> {});
                Nonces ours = new FactoryNonces(temp)) {
            Trap.catches(check, naive, ours);
        }
    }

    @Test
    void factory04_trap_checkAndStoreAreTwoSteps() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        Trap.Check<Nonces> check = nonces -> {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                Instant issued = Instant.now();
                List<Future<Boolean>> uses = List.of(
                        threads.submit(() -> nonces.use("one", issued)),
                        threads.submit(() -> nonces.use("one", issued)));
                int accepted = 0;
                for (Future<Boolean> use : uses) {
                    accepted += use.get(1, TimeUnit.MINUTES) ? 1 : 0;
                }
                assertEquals(1, accepted, "of two that bring one nonce");
            } finally {
                threads.shutdownNow();
            }
        };
        // Whoever looks first and stores then can always be interrupted in between; here both are.
        try (Nonces naive = new TableOfNonces(temp.resolve("naive.db"), () -> together.await(1, TimeUnit.MINUTES));
                Nonces ours = new FactoryNonces(temp)) {
            Trap.catches(check, naive, ours);
        }
    }

    /** What happens between looking and storing. */
    private interface Between {
        void happens() throws Exception;
    }

    /** A table without a key: SELECT, then INSERT; rebuilt from the ledger. */
    private static final class TableOfNonces implements Nonces {

        private final Path file;
        private final Between between;

        TableOfNonces(Path file, Between between) throws SQLException {
            this.file = file;
            this.between = between;
            run("CREATE TABLE IF NOT EXISTS used(nonce TEXT)");
        }

        private int run(String sql, String... values) throws SQLException {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=60000");
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setString(i + 1, values[i]);
                }
                return statement.execute() ? statement.getResultSet().getInt(1) : 0;
            }
        }

        @Override
        public boolean use(String nonce, Instant issuedAt) throws Exception {
            if (run("SELECT count(*) FROM used WHERE nonce = ?", nonce) > 0) {
                return false;
            }
            between.happens();
            run("INSERT INTO used VALUES(?)", nonce);
            return true;
        }

        @Override
        public void restored(List<UsedToken> ledger) throws SQLException {
            run("DELETE FROM used");
            for (UsedToken token : ledger) {
                run("INSERT INTO used VALUES(?)", token.token());
            }
        }

        @Override
        public void close() {
            // Each statement has had a connection of its own.
        }
    }

    /** The factory's. */
    private static final class FactoryNonces implements Nonces {

        private TimelineEpoch epoch = TimelineEpoch.first();
        private final NonceStore store;

        FactoryNonces(Path folder) {
            store = new NonceStore(folder.resolve("nonces.db"), FileBlobStore.at(folder.resolve("state")), epoch);
            store.open();
        }

        @Override
        public boolean use(String nonce, Instant issuedAt) throws SQLException {
            return store.use(nonce, epoch, issuedAt) == TokenUse.ACCEPTED;
        }

        @Override
        public void restored(List<UsedToken> ledger) throws SQLException {
            epoch = epoch.next();
            store.fence(epoch);
            store.rebuild(ledger);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    // 6: the flag

    /** Whether there is panic. */
    private interface Panic {
        boolean is(Path flag) throws IOException;
    }

    @Test
    void factory06_trap_anEmptyFlagIsTakenForNone() throws Exception {
        Path flag = Files.createFile(temp.resolve("ATLAS_PANIC"));
        Trap.<Panic>catches(
                panic -> {
                    assertTrue(panic.is(flag));
                    assertFalse(panic.is(temp.resolve("none")));
                },
                FactoryTrapsTest::saysSomething,
                file -> new PanicFlag(file).reason().isPresent());
        assertEquals("unknown", new PanicFlag(flag).reason().orElseThrow());
    }

    /** {@code if (readFlag())}: a text that is empty is as good as none. */
    private static boolean saysSomething(Path flag) throws IOException {
        if (!Files.exists(flag)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(flag)) {
            return !new String(in.readAllBytes(), StandardCharsets.UTF_8).isBlank();
        }
    }
}
