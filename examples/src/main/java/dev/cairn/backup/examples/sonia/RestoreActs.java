package dev.cairn.backup.examples.sonia;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * "Restore Procedure", "Restore Verification Drill", and the scenarios that leave the disk alone: corruption, accidental deletion, a crash of the gateway.
 *
 * @param place the machine
 * @param report told what happens
 */
record RestoreActs(SoniaPlace place, Report report) {

    private static final int PAGE = 4096;

    void play() throws IOException, InterruptedException {
        corruption();
        try (RunningService memory = SoniaStack.memory(place)) {
            report.check(
                    "it is healthy and finds what it knew",
                    memory.get("/healthz").status() == 200 && Sonia.finds(memory, "tea"));
            deletion(memory);
            report.check("the service stops in good order", memory.stop() == 0);
        }
        crash();
        drill();
    }

    private void corruption() throws IOException, InterruptedException {
        report.title("Scenario 1: the database is damaged while the service is down");
        try (FileChannel file = FileChannel.open(place.database(), StandardOpenOption.WRITE)) {
            for (long at = PAGE; at < file.size(); at += 2 * PAGE) {
                file.write(ByteBuffer.wrap("not a page".getBytes(StandardCharsets.UTF_8)), at);
            }
        }
        report.check("RestoreDatabase ends with 0", restored(place, report) == 0);
        try (Stream<Path> files = Files.list(place.database().getParent())) {
            files.sorted().forEach(file -> report.say("now there is " + file));
        }
    }

    /** The command for the day when the services are down. */
    static int restored(SoniaPlace place, Report report, String... more) throws IOException, InterruptedException {
        String[] arguments = SoniaStack.arguments(place, more).toArray(String[]::new);
        try (ChildJvm command = ChildJvm.start(RestoreDatabase.class, place.root(), arguments)) {
            command.output().forEach(report::say);
            return command.exitCode();
        }
    }

    private void deletion(RunningService memory) throws IOException, InterruptedException {
        report.title("Scenario 3: memories were archived and deleted by accident");
        String tea = add(memory, "the user prefers green tea");
        String cake = add(memory, "the user prefers plum cake");
        String backup =
                Sonia.ordered(memory, "/v1/backups", "{}").path("backup_id").asText();
        Sonia.ordered(memory, "/v1/memory/archive", "{\"id\":\"" + tea + "\"}");
        Sonia.ordered(memory, "/v1/memory/delete", "{\"id\":\"" + cake + "\"}");
        report.check("neither is found", !Sonia.finds(memory, "prefers"));
        Sonia.ordered(memory, "/v1/memory/unarchive", "{\"id\":\"" + tea + "\"}");
        report.check("the archived one is taken back", Sonia.finds(memory, "green"));
        add(memory, "the user moved house");
        JsonNode rows = Sonia.ordered(
                memory, "/v1/backups/rows", "{\"backup_id\":\"" + backup + "\",\"ids\":[\"" + cake + "\"]}");
        report.check(
                "the deleted one comes back from " + backup + ", and what came later stays: " + rows,
                Sonia.finds(memory, "plum") && Sonia.finds(memory, "moved"));
    }

    private static String add(RunningService memory, String content) throws IOException, InterruptedException {
        return Sonia.ordered(memory, "/v1/memory/add", "{\"content\":\"" + content + "\"}")
                .path("id")
                .asText();
    }

    private void crash() throws IOException, InterruptedException {
        report.title("Scenario 4: the gateway was killed; its dead letters come back");
        Path newest;
        try (Stream<Path> files = Files.list(place.stateFiles())) {
            newest = files.max(Comparator.naturalOrder()).orElseThrow();
        }
        try (RunningService gateway = SoniaStack.gateway(place)) {
            JsonNode answer = Sonia.ordered(gateway, "/v1/backups/restore/dlq", Files.readString(newest));
            report.say(answer.toString());
            JsonNode again = Sonia.ordered(gateway, "/v1/backups/restore/dlq", Files.readString(newest));
            report.check(
                    "one dead letter is back, and doing it twice adds nothing",
                    answer.path("restored").asInt() == 1
                            && again.path("restored").asInt() == 0
                            && gateway.get("/v1/dead-letters")
                                            .json()
                                            .path("count")
                                            .asInt()
                                    == 1);
            report.check("the gateway stops in good order", gateway.stop() == 0);
        }
    }

    private void drill() throws IOException, InterruptedException {
        report.title("EVA-OS drills a restore, and tries a damaged copy");
        try (RunningService eva = SoniaStack.evaOs(place)) {
            JsonNode answer = Sonia.ordered(eva, "/v1/drills/restore", "{\"control\":true}");
            answer.path("steps").forEach(step -> report.say(step.toString()));
            report.check(
                    "it passed in " + answer.path("rto_actual_seconds").asText() + " s of "
                            + answer.path("rto_target_seconds").asText() + " s, and the damaged copy was found out",
                    answer.path("passed").asBoolean()
                            && answer.path("controlled").asBoolean());
            report.check("EVA-OS stops in good order", eva.stop() == 0);
        }
    }
}
