package dev.cairn.backup.examples.sonia;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * SONIA's runbook, section by section, as its operator lives it: three services are started, backed up, killed, robbed of their disk and of their machine, and brought back.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Sonia {

    private static final long LONGEST_WAIT = 120_000_000_000L;

    private Sonia() {}

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Sonia", Sonia::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, SQLException, InterruptedException {
        Path share = work.path().resolve("share");
        SoniaPlace place =
                new SoniaPlace(work.path().resolve("machine-1"), work.path().resolve("machine-1/D"), share);
        Path paper = paperInTheSafe(place, work.path(), report);
        new BackupActs(place, report).play();
        new RestoreActs(place, report).play();
        new DisasterActs(place, work.path(), paper, report).play();
    }

    /** What an operator does once, on the first day. */
    private static Path paperInTheSafe(SoniaPlace place, Path folder, Report report) throws IOException {
        report.title("Encryption: the first day");
        try (PackedRepository repository = place.repository()) {
            RecoveryCode code = repository.keys().newRecoveryCode();
            Path paper = Files.writeString(folder.resolve("paper-in-the-safe.txt"), code.printed());
            repository.keys().confirmRecovery(code, "operator");
            report.say("the key lies in " + place.key() + ", a recovery code on paper; there is no plaintext mode");
            report.check(
                    "nothing weakens the hold on the repository",
                    repository.keys().problems().isEmpty());
            return paper;
        }
    }

    /** An order that must be obeyed. */
    static JsonNode ordered(RunningService service, String path, String body) throws IOException, InterruptedException {
        Answer answer = service.post(path, body);
        if (answer.status() != 200) {
            throw new IOException(path + " was answered with " + answer.status() + ": " + answer.body());
        }
        return answer.json();
    }

    /** Whether a search finds something. */
    static boolean finds(RunningService memory, String word) throws IOException, InterruptedException {
        return memory.get("/v1/memory/search?query=" + word + "&limit=5")
                        .json()
                        .path("count")
                        .asInt()
                > 0;
    }

    /** Waits until something was committed after a position, and all of it is in the repository. */
    static void awaitStored(RunningService memory, String before) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT;
        JsonNode now = protection(memory);
        while (!now.path("state").asText().equals("PROTECTED")
                || now.path("kept").asText().equals(before)
                || !now.path("kept").equals(now.path("stored"))) {
            if (System.nanoTime() > end) {
                throw new IOException("the database is not protected: " + now);
            }
            Thread.sleep(50);
            now = protection(memory);
        }
    }

    /** How continuous protection stands. */
    static JsonNode protection(RunningService memory) throws IOException, InterruptedException {
        return memory.get("/v1/backups/health").json().path("protection").path(0);
    }
}
