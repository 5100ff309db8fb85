package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command does not do, and how it says so. */
class RefusalsTest {

    @TempDir
    private Path temp;

    @Test
    void aHostThatRunsIsRefusedByName() throws IOException {
        Shop shop = Shop.in(temp).configured(", \"host\": {\"name\": \"gateway\", \"pidFile\": \"gateway.pid\"}");
        shop.run("init").ended(ExitCode.DONE);
        shop.write("gateway.pid", ProcessHandle.current().pid() + "\n");
        for (String command : List.of("run", "list", "verify", "prune", "sweep", "check", "repair", "status", "init")) {
            Shop.Run refused = shop.run(command, "--json").ended(ExitCode.REFUSED);
            assertEquals("host_runs", refused.json().get("error").asText());
            String message = refused.json().get("message").asText();
            assertTrue(
                    message.contains("'gateway' runs as process "
                            + ProcessHandle.current().pid()),
                    message);
            assertTrue(message.contains("gateway.pid"), message);
        }
        shop.run("keys", "list").ended(ExitCode.REFUSED);
        Process ended = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        ended.onExit().join();
        shop.write("gateway.pid", "soon");
        assertTrue(shop.run("run").ended(ExitCode.USAGE).err().contains("holds no process id"));
        shop.write("gateway.pid", Long.toString(ended.pid()));
        shop.run("run").ended(ExitCode.DONE);
        Files.delete(shop.path("gateway.pid"));
        shop.run("run").ended(ExitCode.DONE);
    }

    @Test
    void anAuditLogThatTheHostHasOpenIsRefused() throws IOException {
        Shop shop = Shop.in(temp).configured(", \"audit\": \"audit\"");
        shop.run("init").ended(ExitCode.DONE);
        try (FileBlobStore state = FileBlobStore.at(shop.path("state"));
                AuditLog host = FileAuditLog.at(shop.path("audit"), state).open()) {
            Shop.Run refused = shop.run("run", "--json").ended(ExitCode.REFUSED);
            assertEquals("audit_in_use", refused.json().get("error").asText());
            assertTrue(refused.json().get("message").asText().contains("audit"), refused.out());
            assertTrue(refused.json().get("nextStep").asText().contains("wait for its end"), refused.out());
            assertTrue(host.verify().intact());
        }
        shop.run("run").ended(ExitCode.DONE);
    }

    @Test
    void whatToDoNextIsSaidToPeopleAndLeadsOn() throws IOException {
        Shop shop = Shop.in(temp).configured(", \"audit\": \"audit\"");
        shop.run("init").ended(ExitCode.DONE);
        String taken = shop.run("-q", "run").ended(ExitCode.DONE).out().strip();
        Shop.Run unknown = shop.run("show", "snap-99", "--json").ended(ExitCode.USAGE);
        assertEquals(
                "There is no snapshot 'snap-99'. Choose one of: cairn list --all",
                unknown.json().get("message").asText());

        Files.move(shop.path("backup.key"), shop.path("kept.key"));
        Shop.Run keyless = shop.run("list").ended(ExitCode.USAGE);
        assertTrue(keyless.err().contains("cairn keys add --recovery-code"), keyless.err());
        Files.move(shop.path("kept.key"), shop.path("backup.key"));

        Files.move(shop.path("state"), shop.path("lost state"));
        Shop.Run stateless = shop.run("list").ended(ExitCode.DAMAGE);
        assertTrue(stateless.err().contains("move the folder away"), stateless.err());
        Files.move(shop.path("audit"), shop.path("old audit"));
        assertEquals(
                taken + "\n",
                shop.run("list", "--all", "-q").ended(ExitCode.DONE).out());
        shop.run("restore", taken, "-y").ended(ExitCode.DONE);
    }

    @Test
    void aFullStoreIsToldAndLeavesEverythingAsItWas() throws IOException {
        Path real = Files.createDirectories(temp.resolve("real"));
        Shop.in(real);
        CrashFileSystem disk = CrashFileSystem.unrecorded(real);
        OnDisk cairn = new OnDisk(disk.root());
        assertEquals(0, cairn.run("init"));
        assertEquals(0, cairn.run("run"));
        Files.writeString(real.resolve("data/stock.txt"), "eight apples and much else\n");
        int told = 0;
        for (int write = 1; told < 3; write++) {
            disk.fullAtWrite(write);
            int code = cairn.run("run", "--json");
            disk.heal();
            assertNotEquals(0, code, "the disk was full at write " + write);
            assertEquals(ExitCode.STORE.code(), code, cairn.out);
            assertTrue(cairn.out.contains("\"error\" : \"store_full\""), cairn.out);
            told++;
            assertEquals(0, cairn.run("-q", "list"));
            assertEquals("snap-1\n", cairn.out);
        }
        assertEquals(0, cairn.run("run"), cairn.out);
        assertEquals(0, cairn.run("verify", "--all"), cairn.out);
    }

    @Test
    void whatWasCancelledBeforeItBeganIsCancelled() throws IOException {
        Shop shop = Shop.in(temp);
        shop.run("init").ended(ExitCode.DONE);
        CancellationToken token = new CancellationToken();
        token.cancel();
        for (String command : List.of("run", "verify", "check")) {
            if (command.equals("verify")) {
                shop.run("run").ended(ExitCode.DONE);
            }
            Shop.Run cancelled =
                    shop.run("", Map.of(), false, token, command, "--json").ended(ExitCode.CANCELLED);
            assertEquals("backup_cancelled", cancelled.json().get("error").asText());
        }
    }

    @Test
    void aWrongCommandLineIsToldWithWhatWasMeant() throws IOException {
        Shop shop = Shop.in(temp);
        Shop.Run run = shop.run("lst").ended(ExitCode.USAGE);
        assertTrue(run.err().contains("'lst'") && run.err().contains("list"), run.err());
        assertEquals("", run.out());
        Shop.Run option = shop.run("list", "--al", "--json").ended(ExitCode.USAGE);
        assertEquals("wrong_command_line", option.json().get("error").asText());
        assertTrue(option.json().get("message").asText().contains("--al"), option.out());
        shop.run("show").ended(ExitCode.USAGE);
        shop.run().ended(ExitCode.USAGE);
        shop.run("keys").ended(ExitCode.USAGE);
        assertTrue(shop.run("run", "--help").ended(ExitCode.DONE).out().contains("--due"));
        assertTrue(shop.run("--version").ended(ExitCode.DONE).out().startsWith("cairn "));
        assertEquals(
                shop.run("--version").out(),
                shop.run("keys", "list", "--version").out());
        assertTrue(shop.run("--help").ended(ExitCode.DONE).out().contains("130"));
    }

    @Test
    void mistakesInTheConfigurationAreFieldsOfTheAnswer() throws IOException {
        Shop shop = Shop.in(temp).configuration("{\n \"stat\": 1}");
        Shop.Run run = shop.run("list", "--json").ended(ExitCode.USAGE);
        assertEquals("invalid_configuration", run.json().get("error").asText());
        assertEquals(4, run.json().get("mistakes").size(), run.out());
        assertEquals("/stat", run.json().at("/mistakes/3/pointer").asText());
        assertEquals(2, run.json().at("/mistakes/3/line").asInt());
        assertEquals(2, run.json().at("/mistakes/3/column").asInt());
    }

    @Test
    void theConfigurationIsFoundByOptionVariableOrPlace() throws IOException {
        Shop shop = Shop.in(temp);
        Files.move(shop.path("cairn-backup.json"), shop.path("other.json"));
        shop.run("config").ended(ExitCode.USAGE);
        shop.run("-c", "other.json", "config").ended(ExitCode.DONE);
        shop.run("config", "--config", shop.path("other.json").toString()).ended(ExitCode.DONE);
        shop.run("", Map.of("CAIRN_CONFIG", "other.json"), false, new CancellationToken(), "config")
                .ended(ExitCode.DONE);
        shop.run("", Map.of("CAIRN_CONFIG", "other.json"), false, new CancellationToken(), "-c", "none.json", "config")
                .ended(ExitCode.USAGE);
    }

    @Test
    void coloursAreForTerminalsAndForWhoeverAsks() throws IOException {
        Shop shop = Shop.in(temp);
        String escape = "\u001b[";
        assertTrue(shop.run("", Map.of(), true, new CancellationToken(), "config")
                .out()
                .contains(escape));
        assertFalse(shop.run("config").out().contains(escape));
        assertTrue(shop.run("config", "--color", "always").out().contains(escape));
        assertFalse(shop.run("", Map.of(), true, new CancellationToken(), "config", "--color=never")
                .out()
                .contains(escape));
        assertFalse(shop.run("", Map.of("NO_COLOR", "1"), true, new CancellationToken(), "config")
                .out()
                .contains(escape));
        assertFalse(shop.run("", Map.of("TERM", "dumb"), true, new CancellationToken(), "config")
                .out()
                .contains(escape));
        assertFalse(shop.run("", Map.of(), true, new CancellationToken(), "config", "--json")
                .out()
                .contains(escape));
    }

    /** Commands on a file system that can run full. */
    private static final class OnDisk {

        private final Path folder;
        private String out = "";

        OnDisk(Path folder) {
            this.folder = folder;
        }

        int run(String... arguments) {
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            java.io.PrintStream stream = new java.io.PrintStream(bytes, true, StandardCharsets.UTF_8);
            int code = CairnCommand.run(
                    new Surroundings(
                            folder,
                            Map.of(),
                            new ByteArrayInputStream(new byte[0]),
                            stream,
                            stream,
                            false,
                            "tester",
                            new CancellationToken()),
                    arguments);
            out = bytes.toString(StandardCharsets.UTF_8);
            return code;
        }
    }
}
