package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.CancellationToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulesTest {

    private static final String HOURLY =
            ", \"schedules\": [{\"name\": \"hourly\", \"every\": \"1h\", \"keep\": {\"last\": 2}}], \"keepManual\": {\"last\": 1}";

    @TempDir
    private Path temp;

    @Test
    void whatIsDueRunsOnceHoweverOftenTheTimerComes() throws IOException {
        Shop shop = Shop.in(temp).configured(HOURLY);
        shop.run("init").ended(ExitCode.DONE);
        JsonNode first = shop.run("run", "--due", "--json").ended(ExitCode.DONE).json();
        assertEquals("hourly", first.at("/snapshots/0/schedule").asText());
        assertEquals(1, first.get("snapshots").size());
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    0,
                    shop.run("run", "--due", "--json")
                            .ended(ExitCode.DONE)
                            .json()
                            .get("snapshots")
                            .size());
        }
        assertEquals("nothing is due\n", shop.run("run", "--due").out());
        JsonNode shown =
                shop.run("show", first.at("/snapshots/0/id").asText(), "--json").json();
        assertEquals("PERIODIC", shown.get("trigger").asText());
    }

    @Test
    void aScheduleThatIsNotDueStillKeepsWhatItTook() throws IOException {
        Shop shop = Shop.in(temp).configured(HOURLY.replace("1h", "1s"));
        shop.run("init").ended(ExitCode.DONE);
        for (int i = 0; i < 2; i++) {
            awaitDue(shop);
        }
        shop.configured(HOURLY); // From now on nothing is due, and two snapshots of the schedule are there.
        assertEquals("nothing is due\n", shop.run("run", "--due").out());
        shop.run("run").ended(ExitCode.DONE);
        shop.run("run", "--prune").ended(ExitCode.DONE);
        JsonNode left = shop.run("list", "--json").json().get("snapshots");
        assertEquals(3, left.size(), left::toString); // Two of the schedule, one by hand.
    }

    @Test
    void aSuspectSnapshotThatAScheduleTookIsTold() throws IOException {
        Shop shop = Shop.in(temp).configured(HOURLY);
        for (int i = 0; i < 30; i++) {
            shop.write("data/many-" + i + ".txt", "x".repeat(5000) + i);
        }
        shop.run("init").ended(ExitCode.DONE);
        shop.run("run", "--due").ended(ExitCode.DONE);
        for (int i = 0; i < 30; i++) {
            Files.delete(shop.path("data/many-" + i + ".txt"));
        }
        shop.configured(HOURLY.replace("hourly", "again").replace("1h", "1s"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        JsonNode taken;
        do {
            assertTrue(System.nanoTime() < deadline, "a schedule of one second was never due");
            taken = shop.run("run", "--due", "--json")
                    .ended(ExitCode.DONE)
                    .json()
                    .get("snapshots");
        } while (taken.isEmpty());
        assertTrue(taken.at("/0/suspicions/0").isTextual(), taken::toString);
        assertTrue(taken.at("/0/elapsedMillis").isIntegralNumber(), taken::toString);
    }

    private static void awaitDue(Shop shop) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (shop.run("run", "--due", "--json")
                .ended(ExitCode.DONE)
                .json()
                .get("snapshots")
                .isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "a schedule of one second was never due");
        }
    }

    @Test
    void aScheduleThatFailsIsToldAndFailsTheCommand() throws IOException {
        Shop shop = Shop.in(temp).configured(HOURLY);
        shop.run("init").ended(ExitCode.DONE);
        Files.move(shop.path("data"), shop.path("elsewhere"));
        JsonNode failed =
                shop.run("run", "--due", "--json").ended(ExitCode.FAILED).json();
        assertEquals("hourly", failed.at("/failures/0/schedule").asText());
        assertTrue(failed.at("/failures/0/problem").asText().contains("data"), failed::toString);
        assertEquals(0, failed.get("snapshots").size());
        Shop.Run now = shop.run("run", "--json").ended(ExitCode.FAILED);
        assertEquals("source", now.json().get("error").asText());
        Files.move(shop.path("elsewhere"), shop.path("data"));
        assertEquals(
                1,
                shop.run("run", "--due", "--json")
                        .ended(ExitCode.DONE)
                        .json()
                        .get("snapshots")
                        .size());
    }

    @Test
    void foreverRunsUntilItIsToldToStop() throws Exception {
        Shop shop = Shop.in(temp).configured(HOURLY.replace("1h", "1s"));
        shop.run("init").ended(ExitCode.DONE);
        CancellationToken token = new CancellationToken();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> CairnCommand.run(
                new Surroundings(
                        shop.folder(),
                        Map.of(),
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        "tester",
                        token),
                "run",
                "--forever",
                "--json"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (err.toString(StandardCharsets.UTF_8).split("completed", -1).length < 3) {
            assertFalse(code.isDone(), () -> out + " " + err);
            assertTrue(System.nanoTime() < deadline, () -> "two snapshots were not taken: " + err);
            Thread.onSpinWait();
        }
        token.cancel();
        assertEquals(0, code.get(60, TimeUnit.SECONDS));
        JsonNode answer = new Shop.Run(0, out.toString(StandardCharsets.UTF_8), "").json();
        assertTrue(answer.get("snapshots").asLong() >= 2, answer::toString);
        assertEquals(0, answer.get("failures").asLong());
    }
}
