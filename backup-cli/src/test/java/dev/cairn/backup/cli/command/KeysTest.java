package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Shop;
import dev.cairn.backup.core.keys.RecoveryCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Shop.Run confirm = shop.interruptedWhenItAsks("keys", "confirm").ended(ExitCode.CANCELLED);
        assertTrue(confirm.err().contains("recovery code: "), "it was asked for");
    }

    @Test
    void aFileWithTheCodeThatIsNotThereIsAMistakeOfTheCommandLine() {
        for (String file : List.of("nowhere.txt", "data")) {
            Shop.Run wrong = shop.run("keys", "confirm", "--code-file", file).ended(ExitCode.USAGE);
            assertTrue(wrong.err().contains(shop.path(file).toString()), wrong.err());
        }
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
