package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.DrillPlace;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptSigners;
import dev.cairn.backup.fs.SigningKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes service rehearses its own restore while it is written. */
class NotesDrillTest {

    private static final Duration RTO = Duration.ofSeconds(60);

    private static final Path DOCUMENT =
            Path.of("..", "docs", "proof.md").toAbsolutePath().normalize();

    @TempDir
    Path temp;

    @Test
    void aDrillOfItsStateMeetsItsTargetsWhileTheServiceWrites() throws Exception {
        NotesPlace place = new NotesPlace(temp.resolve("notes"));
        NotesBackups backups = new NotesBackups(place);
        NotesService service = new NotesService(place);
        service.open();
        writeKeys();
        try (SnapshotManager manager = backups.configured(service, NotesBackups.sessionsCodec())
                        .receipts(ReceiptSigners.ed25519("factory", SigningKeyFile.at(temp.resolve("factory.pem"))))
                        .open();
                NotesWriter writer = NotesWriter.start(service)) {
            writer.awaitSteps(200);
            long step = manager.create().projectionVersion().orElseThrow();
            DrillReport report = manager.drill(DrillRequest.latest()
                    .objectives(Duration.ofHours(1), RTO)
                    .withControl()
                    .check("search_test", RTO, restored -> isAt(restored, step)));
            assertTrue(report.passed(), report.toString());
            assertTrue(report.rtoActual().compareTo(RTO) <= 0, report.toString());
            assertEquals(
                    step,
                    report.snapshot()
                            .map(manager::get)
                            .orElseThrow()
                            .projectionVersion()
                            .orElseThrow());
            writer.awaitSteps(50);
            assertTrue(service.countersAgree());
            System.out.println(
                    "drill of the notes service: " + report.rtoActual().toMillis() + " ms");
            assertVerifiedByOpenssl(manager, report);
        } finally {
            service.close();
        }
    }

    /** The drill's receipt, by nothing but the public key and the script of the documentation. */
    private void assertVerifiedByOpenssl(SnapshotManager manager, DrillReport report) throws Exception {
        List<Receipt> receipts = manager.receipts().all();
        Receipt receipt = receipts.get(receipts.size() - 1);
        assertEquals(Receipt.Kind.DRILL, receipt.kind());
        assertEquals("PASSED", receipt.verdict());
        assertEquals(report.id(), receipt.facts().get("drill"));
        Files.write(temp.resolve("receipt.json"), ReceiptFile.encode(receipt));
        Matcher script = Pattern.compile("```sh\n# verify-receipt.sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT));
        assertTrue(script.find());
        Files.writeString(temp.resolve("verify-receipt.sh"), script.group(1));
        assumeTrue(hasOpenssl(), "openssl 3 is not installed");
        assertEquals(0, run("sh", "verify-receipt.sh"), Files.readString(temp.resolve("output.txt")));
    }

    private boolean hasOpenssl() throws Exception {
        try {
            return run("openssl", "version") == 0
                    && Files.readString(temp.resolve("output.txt")).startsWith("OpenSSL 3");
        } catch (IOException e) {
            return false;
        }
    }

    private void writeKeys() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path secret = Files.createFile(
                temp.resolve("factory.pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(
                temp.resolve("factory.pub.pem"),
                pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    }

    private static String pem(String what, byte[] key) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END " + what
                + "-----\n";
    }

    private int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output.txt").toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), String.join(" ", command));
        return process.exitValue();
    }

    private static boolean isAt(DrillPlace restored, long step) throws Exception {
        try (Connection connection = ConnectionPool.connect(restored.path("notes"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT step FROM counter")) {
            return row.getLong(1) == step
                    && restored.value("sessions", Sessions.class).counter() == step;
        }
    }
}
