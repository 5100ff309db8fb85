package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.cli.CairnCommand;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Shop;
import dev.cairn.backup.cli.Surroundings;
import dev.cairn.backup.core.keys.RecoveryCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

    @TempDir
    private Path temp;

    private Shop shop;
    private String code;

    @BeforeEach
    void aRepositoryWithACode() throws IOException {
        shop = Shop.in(temp).configured(", \"audit\": \"audit\"");
        code = shop.run("init", "--json")
                .ended(ExitCode.DONE)
                .json()
                .get("recoveryCode")
                .asText();
        shop.run("run").ended(ExitCode.DONE);
    }

    @Test
    void aCodeIsConfirmedByTypingIt() throws IOException {
        assertTrue(shop.run("keys", "list").out().contains("not confirmed"));
        assertTrue(shop.run("keys", "list", "--json").json().get("problems").size() > 0);
        shop.typing(code.toLowerCase(java.util.Locale.ROOT) + "\n", "keys", "confirm")
                .ended(ExitCode.DONE);
        assertFalse(shop.run("keys", "list").out().contains("not confirmed"));
        shop.typing("QQQQ", "keys", "confirm").ended(ExitCode.USAGE);
        shop.typing(RecoveryCode.random().printed(), "keys", "confirm").ended(ExitCode.USAGE);
    }

    @Test
    void aLostKeyFileIsReplacedWithTheCode() throws IOException {
        Files.delete(shop.path("backup.key"));
        Shop.Run locked = shop.run("list", "--json").ended(ExitCode.USAGE);
        assertEquals("key_missing", locked.json().get("error").asText());
        assertFalse(Files.exists(shop.path("backup.key")), "a new key would open nothing and hide what is wrong");
        shop.typing(code, "keys", "add", "--file", "backup.key", "--label", "after the loss", "--recovery-code")
                .ended(ExitCode.DONE);
        assertEquals("snap-1\n", shop.run("-q", "list").ended(ExitCode.DONE).out());
        shop.run("verify", "snap-1").ended(ExitCode.DONE);
    }

    @Test
    void slotsAreAddedAndRemovedAndTheLastOneStays() throws IOException {
        shop.run("keys", "add", "--file", "second.key", "--label", "the vault").ended(ExitCode.DONE);
        JsonNode slots = shop.run("keys", "list", "--json").json().get("slots");
        assertEquals(3, slots.size());
        for (JsonNode slot : slots) {
            if (slot.get("type").asText().equals("key-file")
                    && !slot.get("label").asText().equals("the vault")) {
                shop.run("keys", "remove", slot.get("id").asText()).ended(ExitCode.DONE);
            }
        }
        shop.run("list").ended(ExitCode.USAGE); // The first key opens nothing any more.
        Files.copy(
                shop.path("second.key"),
                shop.path("backup.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        shop.run("list").ended(ExitCode.DONE);
        String vault = "";
        for (JsonNode slot : shop.run("keys", "list", "--json").json().get("slots")) {
            vault = slot.get("label").asText().equals("the vault")
                    ? slot.get("id").asText()
                    : vault;
        }
        shop.run("keys", "remove", vault).ended(ExitCode.USAGE);
        shop.run("keys", "remove", "0000000000000000").ended(ExitCode.USAGE);
        shop.run("list").ended(ExitCode.DONE);
    }

    @Test
    void aNewCodeMakesTheUnconfirmedOneVoid() throws IOException {
        String fresh = shop.run("keys", "recovery", "--json")
                .ended(ExitCode.DONE)
                .json()
                .get("recoveryCode")
                .asText();
        shop.typing(code, "keys", "confirm").ended(ExitCode.USAGE);
        Files.writeString(shop.path("code.txt"), fresh);
        shop.run("keys", "confirm", "--code-file", "code.txt").ended(ExitCode.DONE);
    }

    @Test
    void somebodyWhoStoppedTypingIsInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() {
                asked.countDown();
                try {
                    new CountDownLatch(1).await(); // As a terminal that nobody touches.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return -1;
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicInteger code = new AtomicInteger(-1);
        Thread command = new Thread(() -> code.set(CairnCommand.run(
                new Surroundings(
                        shop.folder(),
                        Map.of(),
                        silent,
                        new PrintStream(new ByteArrayOutputStream()),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        true,
                        "tester",
                        new CancellationToken()),
                "keys",
                "confirm")));
        command.start();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        command.interrupt();
        command.join(60_000);
        assertEquals(ExitCode.CANCELLED.code(), code.get(), () -> err.toString(StandardCharsets.UTF_8));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("recovery code: "), "it was asked for");
    }

    @Test
    void whoDoesWhatIsInTheAuditLogAndNoSecretIs() throws IOException {
        shop.typing(code, "keys", "confirm", "--as", "grace").ended(ExitCode.DONE);
        shop.run("--as", "ada", "verify").ended(ExitCode.DONE);
        try (Stream<Path> files = Files.list(shop.path("audit"))) {
            String log = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .map(KeysTest::text)
                    .collect(Collectors.joining());
            assertTrue(log.contains("\"grace\"") && log.contains("keys.recovery.confirm"), log);
            assertTrue(log.contains("\"ada\"") && log.contains("snapshot.verify"), log);
            assertTrue(log.contains("\"tester\"") && log.contains("snapshot.create"), log);
            assertFalse(log.contains(code), log);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
