package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.sonia.drill.EvaOs;
import dev.cairn.backup.examples.sonia.memory.MemoryService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The size that the runbook names. */
@EnabledIfSystemProperty(named = "cairn.campaign", matches = "sonia")
class SoniaCampaignTest {

    @TempDir
    Path temp;

    @Test
    void sonia06_fiveHundredMegabytesAreBackWithinSixtySeconds() throws Exception {
        SoniaPlace place = SoniaPlace.at(temp.resolve("sonia"));
        BigMemory.make(place.database(), 500);
        try (RunningService memory = SoniaStack.inEarnest(MemoryService.class, place)) {
            assertEquals(200, memory.post("/v1/backups", "{}").status());
            memory.kill();
        }
        try (RunningService eva = SoniaStack.inEarnest(EvaOs.class, place)) {
            JsonNode answer = eva.post("/v1/drills/restore", "{}").json();
            assertTrue(answer.path("passed").asBoolean(), answer::toPrettyString);
            assertTrue(answer.path("rto_actual_seconds").asDouble() < 60, answer::toPrettyString);
            System.out.println(
                    "SONIA's drill of " + Files.size(place.database()) + " bytes: " + answer.toPrettyString());
        }
    }
}
