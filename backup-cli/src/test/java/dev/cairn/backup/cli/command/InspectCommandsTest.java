package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.cli.CairnCommand;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Premises;
import dev.cairn.backup.cli.Shop;
import dev.cairn.backup.cli.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ls, cat, diff, export and import, none of which changes a snapshot. */
class InspectCommandsTest {

    /** Every byte there is, line ends and what is no UTF-8 among them. */
    private static final byte[] BINARY = new byte[100_000];

    @TempDir
    private static Path temp;

    private static Shop shop;

    @BeforeAll
    static void twoSnapshots() throws IOException {
        new Random(5).nextBytes(BINARY);
        Premises premises = Premises.in(temp, "browsable");
        shop = premises.shop();
        Files.write(shop.path("data/folder/picture"), BINARY);
        Files.createSymbolicLink(shop.path("data/newest"), Path.of("folder/picture"));
        premises.snapshot("first");
        premises.snapshot("second");
    }

    @Test
    void aPackedRepositoryAnswersTheSame(@TempDir Path other) throws IOException {
        Premises premises = Premises.in(other, "packed");
        Shop packed = premises.shop();
        Files.write(packed.path("data/folder/picture"), BINARY);
        premises.snapshot("first");
        premises.snapshot("second");
        assertEquals(
                shop.run("ls", "snap-2:data/folder").out(),
                packed.run("ls", "snap-2:data/folder").ended(ExitCode.DONE).out());
        JsonNode picture = packed.run("cat", "snap-1:data/folder/picture", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertArrayEquals(
                BINARY, Base64.getDecoder().decode(picture.get("content").asText()));
        assertEquals(
                shop.run("diff", "snap-1", "snap-2", "--json").json().get("changes"),
                packed.run("diff", "snap-1", "snap-2", "--json")
                        .ended(ExitCode.DAMAGE)
                        .json()
                        .get("changes"));
    }

    @Test
    void lsTellsTheDatasetsAndWhatIsInAFolder() {
        assertEquals(
                "data/\ndb/\ngateway/\n",
                shop.run("ls", "snap-1").ended(ExitCode.DONE).out());
        assertEquals(
                "data/folder/\ndata/newest -> folder/picture\ndata/orders.txt\ndata/stock.txt\ndata/word\n",
                shop.run("ls", "snap-1:data").ended(ExitCode.DONE).out());
        assertEquals(
                "data/folder/only-first\ndata/folder/only-nothing\ndata/folder/picture\n",
                shop.run("ls", "snap-1:data/folder/").ended(ExitCode.DONE).out());
        assertEquals(
                "db/shop.db\n",
                shop.run("ls", "latest:db", "-q").ended(ExitCode.DONE).out());
    }

    @Test
    void lsTellsDetailsAndAllThatIsBelow() throws IOException {
        Shop.Run all = shop.run("ls", "-R", "-l", "snap-2").ended(ExitCode.DONE);
        assertTrue(all.out().contains("data/folder/only-second"), all.out());
        assertTrue(
                all.out().lines().anyMatch(line -> line.contains(" 100000 ") && line.endsWith("picture")), all.out());
        JsonNode json = shop.run("ls", "snap-2:data/folder/picture", "--json")
                .ended(ExitCode.DONE)
                .json();
        JsonNode picture = json.at("/entries/0");
        assertEquals(1, json.get("entries").size());
        assertEquals("file", picture.get("type").asText());
        assertEquals(100_000, picture.get("bytes").asLong());
        assertTrue(picture.get("modified").asText().endsWith("Z"), picture::toString);
        assertTrue(picture.get("mode").asText().matches("[0-7]{3}"), picture::toString);
        assertTrue(shop.run("ls", "snap-2", "--json").json().get("entries").isNull());
        assertFalse(json.has("details"));
    }

    @Test
    void lsRefusesByNameWhatIsNotThere() {
        assertTrue(shop.run("ls", "snap-1:data/no").ended(ExitCode.USAGE).err().contains("data/no"));
        assertTrue(shop.run("ls", "-R", "snap-1:data/no")
                .ended(ExitCode.USAGE)
                .err()
                .contains("data/no"));
        assertTrue(shop.run("ls", "snap-1:no").ended(ExitCode.USAGE).err().contains("'no'"));
        assertTrue(shop.run("ls", "snap-9").ended(ExitCode.USAGE).err().contains("snap-9"));
    }

    @Test
    void catHandsOutEveryByteAndNothingElse() throws IOException {
        assertArrayEquals(BINARY, bytes("cat", "snap-1:data/folder/picture"));
        byte[] database = bytes("cat", "latest:db");
        assertEquals("SQLite format 3", new String(database, 0, 15, StandardCharsets.US_ASCII));
        JsonNode json = shop.run("cat", "snap-1:data/folder/picture", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertArrayEquals(BINARY, Base64.getDecoder().decode(json.get("content").asText()));
        assertEquals(100_000, json.get("bytes").asLong());
    }

    private static byte[] bytes(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, run(out, new PrintStream(new ByteArrayOutputStream()), arguments));
        return out.toByteArray();
    }

    private static int run(OutputStream out, PrintStream err, String... arguments) {
        return CairnCommand.run(
                new Surroundings(
                        shop.folder(),
                        Map.of(),
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        err,
                        false,
                        "tester",
                        new CancellationToken()),
                arguments);
    }

    @Test
    void catReadsNoMoreThanSomebodyWants() {
        List<Integer> written = new ArrayList<>();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                written.add(count);
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = run(closed, new PrintStream(err, true, StandardCharsets.UTF_8), "cat", "snap-1:data/folder/picture");
        assertEquals(ExitCode.FAILED.code(), code);
        assertEquals(1, written.size(), () -> written + " of " + BINARY.length);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("cannot be written"), err::toString);
    }

    @Test
    void catWritesANewFileAndNeverOverOne() throws IOException {
        JsonNode json = shop.run("cat", "snap-1:data/folder/picture", "-o", "copy", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertArrayEquals(BINARY, Files.readAllBytes(shop.path("copy")));
        assertTrue(json.get("content").isNull());
        shop.write("mine", "precious");
        Shop.Run refused = shop.run("cat", "snap-1:data/word", "-o", "mine").ended(ExitCode.USAGE);
        assertTrue(refused.err().contains("mine"), refused.err());
        assertEquals("precious", Files.readString(shop.path("mine")));
        assertTrue(shop.run("cat", "snap-1:data/word", "-o", "no/where")
                .ended(ExitCode.USAGE)
                .err()
                .contains("where"));
        assertEquals(0, unfinished());
    }

    private static long unfinished() throws IOException {
        try (Stream<Path> all = Files.list(shop.folder())) {
            return all.filter(file -> file.toString().endsWith(".unfinished")).count();
        }
    }

    @Test
    void catOfDamagedBytesIsNoSuccessAndLeavesNoFile(@TempDir Path other) throws IOException {
        Shop damaged = Premises.in(other, "browsable").shop();
        Files.write(damaged.path("data/picture"), BINARY);
        damaged.run("run").ended(ExitCode.DONE);
        try (Stream<Path> all = Files.walk(damaged.path("backups"))) {
            Path stored =
                    all.filter(file -> file.endsWith("picture")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(stored);
            bytes[bytes.length - 1] ^= 1;
            Files.delete(stored); // It is read-only.
            Files.write(stored, bytes);
        }
        damaged.run("cat", "latest:data/picture").ended(ExitCode.DAMAGE);
        Shop.Run json = damaged.run("cat", "latest:data/picture", "--json").ended(ExitCode.DAMAGE);
        assertFalse(json.json().has("content"), json.out());
        damaged.run("cat", "latest:data/picture", "-o", "copy").ended(ExitCode.DAMAGE);
        assertFalse(Files.exists(damaged.path("copy")));
    }

    @Test
    void catRefusesByNameWhatIsNoFile() {
        assertTrue(shop.run("cat", "snap-1:data/folder")
                .ended(ExitCode.USAGE)
                .err()
                .contains("this is a folder"));
        assertTrue(shop.run("cat", "snap-1:data/newest")
                .ended(ExitCode.USAGE)
                .err()
                .contains("'folder/picture'"));
        assertTrue(shop.run("cat", "snap-1:data").ended(ExitCode.USAGE).err().contains("data/"));
        Shop.Run none = shop.run("cat", "snap-1:data/no").ended(ExitCode.USAGE);
        assertEquals("", none.out());
        shop.run("cat", "snap-1").ended(ExitCode.USAGE);
    }

    @Test
    void diffTellsWhatChangedWithItsExitCode() throws IOException {
        Shop.Run text =
                shop.run("diff", "snap-1", "latest", "--dataset", "data").ended(ExitCode.DAMAGE);
        assertTrue(text.out().contains("+ data/folder/only-second  6 B"), text.out());
        assertTrue(text.out().contains("c data/word  6 B"), text.out());
        JsonNode json = shop.run("diff", "snap-2", "snap-1", "--json")
                .ended(ExitCode.DAMAGE)
                .json();
        assertFalse(json.get("equal").asBoolean());
        assertEquals(
                List.of("removed", "content", "content", "content"),
                json.get("changes").findValuesAsText("change"));
        assertEquals("db", json.at("/changes/2/dataset").asText());
        assertEquals(1, json.at("/datasets/0/removed").asLong());
        assertEquals(6, json.at("/datasets/0/bytesRemoved").asLong());
        Shop.Run same = shop.run("diff", "snap-1", "snap-1", "--attributes").ended(ExitCode.DONE);
        assertTrue(same.out().contains("are equal"), same.out());
        shop.run("diff", "snap-1", "snap-2", "--dataset", "data", "--below", "stock.txt")
                .ended(ExitCode.DONE);
        shop.run("diff", "snap-1", "snap-2", "--dataset", "no").ended(ExitCode.USAGE);
        shop.run("diff", "snap-1").ended(ExitCode.USAGE);
    }

    @Test
    void anExportIsImportedAsTheSameSnapshot() throws IOException {
        for (String file : List.of("all.tar", "all.tgz", "all.tar.zst")) {
            JsonNode export = shop.run("export", "snap-1", file, "--json")
                    .ended(ExitCode.DONE)
                    .json();
            assertEquals(Files.size(shop.path(file)), export.get("archiveBytes").asLong());
            assertTrue(export.get("mac").isNull());
            JsonNode made =
                    shop.run("import", file, "--json").ended(ExitCode.DONE).json();
            shop.run("diff", "snap-1", made.get("snapshot").asText(), "--attributes")
                    .ended(ExitCode.DONE);
            shop.run("export", "snap-1", file).ended(ExitCode.USAGE);
        }
        assertEquals(
                "snap-2",
                shop.run("ls", "latest", "--json").json().get("snapshot").asText(),
                "not an imported one");
        assertEquals(
                "mine\n",
                shop.run("import", "all.tar", "--id", "mine", "-q")
                        .ended(ExitCode.DONE)
                        .out());
        Shop.Run taken = shop.run("import", "all.tar", "--id", "mine").ended(ExitCode.REFUSED);
        assertTrue(taken.err().contains("'mine'"), taken.err());
        Files.write(shop.path("cut.tar"), java.util.Arrays.copyOf(Files.readAllBytes(shop.path("all.tar")), 5_000));
        shop.run("import", "cut.tar").ended(ExitCode.DAMAGE);
        assertTrue(shop.run("export", "snap-1", "all.zip")
                .ended(ExitCode.USAGE)
                .err()
                .contains(".tar.zst"));
        assertTrue(shop.run("import", "nothing.tar").ended(ExitCode.USAGE).err().contains("nothing.tar"));
        assertEquals(0, unfinished());
    }

    @Test
    void anEncryptedExportNeedsItsPassphraseAndItsMac() throws IOException {
        Map<String, String> secret = Map.of("ARCHIVE_KEY", "correct horse", "WRONG", "battery staple");
        JsonNode export = with(
                        secret, "export", "snap-1", "sealed.tar.gz.enc", "--passphrase-from", "ARCHIVE_KEY", "--json")
                .ended(ExitCode.DONE)
                .json();
        String mac = export.get("mac").asText();
        assertEquals(mac + "\n", Files.readString(shop.path("sealed.tar.gz.enc.mac")));
        String made = with(secret, "import", "sealed.tar.gz.enc", "--passphrase-from", "ARCHIVE_KEY", "-q")
                .ended(ExitCode.DONE)
                .out()
                .strip();
        shop.run("diff", "snap-1", made).ended(ExitCode.DONE);
        with(secret, "import", "sealed.tar.gz.enc").ended(ExitCode.USAGE);
        with(secret, "import", "sealed.tar.gz.enc", "--passphrase-from", "NOT_SET")
                .ended(ExitCode.USAGE);
        Shop.Run wrong = with(secret, "import", "sealed.tar.gz.enc", "--passphrase-from", "WRONG")
                .ended(ExitCode.USAGE);
        assertFalse(wrong.err().contains("battery"), wrong.err());
        shop.write("later.tar.mac", "of another one");
        with(secret, "export", "snap-1", "later.tar", "--passphrase-from", "ARCHIVE_KEY")
                .ended(ExitCode.USAGE);
        assertFalse(Files.exists(shop.path("later.tar")), "not without its MAC");
        shop.run("export", "snap-1", "plain.tar.enc").ended(ExitCode.USAGE);
    }

    private static Shop.Run with(Map<String, String> environment, String... arguments) {
        return shop.run("", environment, false, new CancellationToken(), arguments);
    }

    @Test
    void exportsAndImportsAreLinesOfTheAuditLog() throws IOException {
        shop.run("export", "snap-2", "audited.tar", "--as", "berta").ended(ExitCode.DONE);
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(shop.path("audit"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        assertTrue(
                all.toString().lines().anyMatch(line -> line.contains("snapshot.export") && line.contains("berta")),
                all::toString);
    }
}
