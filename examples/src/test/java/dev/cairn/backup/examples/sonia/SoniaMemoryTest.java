package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.sonia.memory.Memory;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One memory service as a process, asked as its operator would. */
class SoniaMemoryTest {

    private static final long DEADLINE = 240_000_000_000L;

    @TempDir
    static Path temp;

    private static SoniaPlace place;
    private static RunningService memory;

    @BeforeAll
    static void start() throws Exception {
        place = SoniaPlace.at(temp.resolve("sonia"));
        BigMemory.make(place.database(), 8);
        memory = SoniaStack.memory(place);
    }

    @AfterAll
    static void end() throws Exception {
        memory.close();
    }

    private static JsonNode ok(String path, String body) throws Exception {
        Answer answer = memory.post(path, body);
        assertEquals(200, answer.status(), () -> path + " answered " + answer.body());
        return answer.json();
    }

    private static String add(String content) throws Exception {
        return ok("/v1/memory/add", "{\"content\":\"" + content + "\"}")
                .path("id")
                .asText();
    }

    private static String backup() throws Exception {
        return ok("/v1/backups", "{}").path("backup_id").asText();
    }

    private static List<String> found(String word) throws Exception {
        return memory.get("/v1/memory/search?query=" + word + "&limit=5")
                .json()
                .path("results")
                .findValuesAsText("id");
    }

    private static JsonNode health() throws Exception {
        return memory.get("/v1/backups/health").json();
    }

    /** A condition that comes true by itself. */
    private interface Soon {
        boolean holds() throws Exception;
    }

    private static void await(String what, Soon condition) throws Exception {
        long end = System.nanoTime() + DEADLINE;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, () -> what + " did not come");
            Thread.sleep(20);
        }
    }

    private static boolean contains(JsonNode array, String text) {
        for (JsonNode each : array) {
            if (each.asText().contains(text)) {
                return true;
            }
        }
        return false;
    }

    /** All but those that go meanwhile, as the note of a reader that has ended. */
    private static List<Path> filesBelow(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return files;
    }

    /** What is in a file; nothing if it has gone. */
    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : filesBelow(folder)) {
            bytes += file.toFile().length(); // 0 of one that has gone
        }
        return bytes;
    }

    @Test
    void sonia03_aBackupIsOneCompleteImageUnderItsDatedName() throws Exception {
        String id = add("a fresh thought that only the log holds");
        JsonNode told = ok("/v1/backups", "{}");
        String backup = told.path("backup_id").asText();
        assertTrue(backup.matches("memory-manual-\\d{8}-\\d{6}(-\\d+)?"), backup);
        Path file = Path.of(ok("/v1/backups/export", "{\"backup_id\":\"" + backup + "\"}")
                .path("path")
                .asText());
        assertEquals(place.databaseFiles().resolve(backup + ".db"), file);
        assertEquals(List.of(file), filesBelow(place.databaseFiles()), "it needs no log beside it");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        Path aside = Files.copy(file, temp.resolve("looked-at.db"));
        MemoryDatabase copy = new MemoryDatabase(aside);
        copy.openExisting();
        assertEquals(
                List.of(id),
                copy.search("fresh thought", 5).stream().map(Memory::id).toList());
        assertEquals(told.path("memories").asLong(), copy.count());
        copy.close();
    }

    @Test
    void sonia03_theServiceAnswersBadInputWith400AndDoesNothing() throws Exception {
        long before = memory.get("/healthz").json().path("memories").asLong();
        for (String query : List.of("", "?query=x&limit=0", "?query=x&limit=101", "?query=x&limit=many")) {
            assertEquals(400, memory.get("/v1/memory/search" + query).status(), query);
        }
        assertEquals(
                200,
                memory.get("/v1/memory/search?query=%22%20OR%20NEAR(&limit=5").status());
        assertEquals(400, memory.post("/v1/memory/add", "{\"content\":\" \"}").status());
        assertEquals(400, memory.post("/v1/backups", "{").status());
        assertEquals(
                404,
                memory.post("/v1/backups/export", "{\"backup_id\":\"memory-20000101-000000\"}")
                        .status());
        assertEquals(
                400,
                memory.post("/v1/backups/export", "{\"backup_id\":\"../../etc/passwd\"}")
                        .status());
        assertEquals(400, memory.post("/v1/backups/restore", "{}").status());
        assertEquals(
                400,
                memory.post("/v1/backups/restore", "{\"at\":\"yesterday\"}").status());
        assertEquals(
                404,
                memory.post("/v1/backups/restore", "{\"at\":\"2001-01-01T00:00:00Z\"}")
                        .status());
        assertEquals(before, memory.get("/healthz").json().path("memories").asLong());
    }

    @Test
    void sonia07_offSiteAndSecondRegionEachBackupIsSoonOnTheShareToo() throws Exception {
        String id = backup();
        await(
                "the second copy",
                () -> Files.exists(
                        place.share().resolve("repository").resolve("snapshots").resolve(id)));
        await("its time", () -> health().path("second_copy").has("last"));
        JsonNode again = ok("/v1/backups/copy", "{}");
        assertTrue(again.path("present").asLong() > 0, again::toString);
    }

    @Test
    void sonia07_incrementalAnotherBackupCostsWhatChanged() throws Exception {
        awaitProtection(); // A base after another test's restore would count.
        backup();
        Path repository = place.backups().resolve("repository");
        long before = bytesIn(repository);
        add("one more");
        backup();
        long grown = bytesIn(repository) - before;
        assertTrue(grown < Files.size(place.database()) / 10, "one row cost " + grown + " bytes");
    }

    @Test
    void sonia07_continuousEachTransactionIsSoonInTheRepositoryWithoutAnyBackup() throws Exception {
        int backups = -1;
        for (int attempt = 1; backups != memory.get("/v1/backups").json().size(); attempt++) {
            assertTrue(attempt <= 3, "each transaction comes with a backup");
            awaitProtection(); // Once there may be a base after another test's restore.
            backups = memory.get("/v1/backups").json().size();
            String before = protection().path("kept").asText();
            add("shipped as it was committed");
            await("the transaction in the repository", () -> isStoredAfter(before));
        }
    }

    @Test
    void sonia07_pointInTimeTheStateBetweenTwoBackupsComesBackInOneCall() throws Exception {
        awaitProtection();
        backup();
        String before = protection().path("kept").asText();
        String wanted = add("wanted state");
        await("the transaction in the repository", () -> isStoredAfter(before));
        Instant then = Instant.now();
        String between = protection().path("kept").asText();
        add("unwanted state");
        await("the later transaction in the repository", () -> isStoredAfter(between));
        ok("/v1/backups/restore", "{\"at\":\"" + then + "\"}");
        assertEquals(List.of(wanted), found("wanted%20state"));
        assertEquals(List.of(), found("unwanted"));
    }

    private static JsonNode protection() throws Exception {
        return health().path("protection").path(0);
    }

    private static void awaitProtection() throws Exception {
        await(
                "protection",
                () -> protection().path("state").asText().equals("PROTECTED")
                        && protection().has("kept"));
    }

    /** Whether something was committed after that position, and all of it is in the repository. */
    private static boolean isStoredAfter(String position) throws Exception {
        JsonNode now = protection();
        return now.has("kept")
                && !now.path("kept").asText().equals(position)
                && now.path("stored").equals(now.path("kept"));
    }

    @Test
    void sonia07_automatedRestoreIsOneCallWhileTheServiceRuns() throws Exception {
        String kept = add("automated");
        String backup = backup();
        String later = add("afterwards");
        JsonNode restored = ok("/v1/backups/restore", "{\"backup_id\":\"" + backup + "\"}");
        assertEquals(backup, restored.path("restored").asText());
        assertTrue(restored.path("duration_seconds").asDouble() > 0);
        assertEquals(List.of(kept), found("automated"));
        assertEquals(List.of(), found("afterwards"));
        String before = restored.path("before").asText();
        assertEquals(
                List.of(later),
                texts(ok("/v1/backups/rows", "{\"backup_id\":\"" + before + "\",\"ids\":[\"" + later + "\"]}")
                        .path("restored")));
        add("the service goes on writing");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    @Test
    void sonia07_encryptionByDefaultNothingThatWasRememberedCanBeReadInTheRepositories() throws Exception {
        add("the secret of the pharaoh");
        backup();
        ok("/v1/backups/copy", "{}");
        for (Path folder : List.of(place.backups().resolve("repository"), place.share())) {
            List<Path> files = filesBelow(folder);
            assertFalse(files.isEmpty());
            for (Path file : files) {
                String bytes = content(file);
                assertFalse(bytes.contains("the secret of the pharaoh"), file::toString);
                assertFalse(bytes.contains("SQLite format 3"), file::toString);
            }
        }
        assertFalse(place.key().startsWith(place.backups()) || place.key().startsWith(place.disk()));
    }

    @Test
    void sonia07_aServiceLevelIsStatedAndMeasured() throws Exception {
        backup();
        JsonNode level = health().path("service_level");
        assertEquals(86_400, level.path("rpo_target_seconds").asLong());
        assertEquals(60, level.path("rto_target_seconds").asLong());
        double age = level.path("rpo_actual_seconds").asDouble(-1);
        assertTrue(age >= 0 && age < 86_400, level::toString);
        assertFalse(health().path("protection").isEmpty());
    }

    @Test
    void sonia08_warnsThatRepositoryAndSourceAreOnOneDisk() throws Exception {
        assertTrue(contains(health().path("warnings"), "same disk"), () -> "no such warning");
    }

    @Test
    void sonia09_chosenMemoriesComeBackAndNothingElseChanges() throws Exception {
        String first = add("zebra one");
        String second = add("zebra two");
        String third = add("zebra three");
        String backup = backup();
        for (String gone : List.of(first, second)) {
            assertTrue(ok("/v1/memory/delete", "{\"id\":\"" + gone + "\"}")
                    .path("deleted")
                    .asBoolean());
        }
        ok("/v1/memory/archive", "{\"id\":\"" + third + "\"}");
        String later = add("zebra four");
        assertEquals(List.of(later), found("zebra"));
        long count = memory.get("/healthz").json().path("memories").asLong();

        Answer refused = memory.post(
                "/v1/backups/rows", "{\"backup_id\":\"" + backup + "\",\"ids\":[\"" + first + "\",\"mem_never_was\"]}");
        assertEquals(400, refused.status(), refused.body());
        assertEquals(List.of(later), found("zebra"), "half of it was done");

        JsonNode done = ok(
                "/v1/backups/rows", "{\"backup_id\":\"" + backup + "\",\"ids\":[\"" + first + "\",\"" + third + "\"]}");
        assertEquals(List.of(first), texts(done.path("restored")));
        assertEquals(List.of(third), texts(done.path("already_present")));
        assertEquals(
                List.of(first, later),
                found("zebra").stream()
                        .sorted(Comparator.comparing(id -> id.equals(later)))
                        .toList());
        assertEquals(count + 1, memory.get("/healthz").json().path("memories").asLong());
        assertFalse(filesBelow(place.disk()).stream()
                .anyMatch(file -> file.toString().contains("aside-")));
    }

    @Test
    void sonia10_scenario3_whatWasDeletedByAccidentComesBack() throws Exception {
        String archived = add("an important giraffe");
        String deleted = add("a precious giraffe");
        String backup = backup();
        ok("/v1/memory/archive", "{\"id\":\"" + archived + "\"}");
        ok("/v1/memory/delete", "{\"id\":\"" + deleted + "\"}");
        assertEquals(List.of(), found("giraffe"));

        JsonNode asleep = memory.get("/v1/memory/archived?keyword=giraffe").json();
        assertEquals(List.of(archived), asleep.path("results").findValuesAsText("id"));
        assertTrue(ok("/v1/memory/unarchive", "{\"id\":\"" + archived + "\"}")
                .path("unarchived")
                .asBoolean());
        assertEquals(List.of(archived), found("giraffe"));
        String later = add("a thought since then");
        ok("/v1/backups/rows", "{\"backup_id\":\"" + backup + "\",\"ids\":[\"" + deleted + "\"]}");
        assertEquals(List.of(deleted), found("precious"));
        assertEquals(List.of(later), found("since"), "what came after the backup is lost");
    }
}
