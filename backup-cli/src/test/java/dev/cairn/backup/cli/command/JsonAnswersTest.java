package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names that scripts rely on: fields are added here, and never renamed or removed. */
class JsonAnswersTest {

    private static final String CHECK =
            "depth passed snapshots blobsChecked blobsLeft bytesChecked oldestCheck problems lost warnings actions elapsedMillis";
    private static final String SNAPSHOT =
            "id sequence createdAt trigger schedule label sizeBytes projectionVersion lineage parent safetyFor lastVerified objection pins datasets";
    private static final String DONE = "done what";

    @TempDir
    private Path temp;

    @Test
    void everyCommandAnswersOneDocumentWithTheFieldsThatAreDocumented() throws IOException {
        Shop shop = Shop.in(temp)
                .configured(
                        ", \"keepManual\": {\"last\": 1}, \"schedules\": [{\"name\": \"s\", \"every\": \"1h\", \"keep\": {\"last\": 1}}]");
        fields(shop, "", "created type repository state recoveryCode", "init");
        JsonNode run = fields(shop, "", "snapshots failures pruned notIncluded", "run");
        named("id createdAt schedule label sizeBytes elapsedMillis suspicions warnings", run.at("/snapshots/0"));
        fields(shop, "", "snapshots failures pruned notIncluded", "run", "--due");
        JsonNode list = fields(shop, "", "snapshots invalid otherLineages", "list", "--all");
        named(SNAPSHOT, list.at("/snapshots/0"));
        named("name kind present entries bytes counts", list.at("/snapshots/0/datasets/0"));
        fields(shop, "", SNAPSHOT, "show", "snap-1");
        JsonNode verify = fields(shop, "", "snapshots", "verify");
        named("id passed entries bytes elapsedMillis warnings problems", verify.at("/snapshots/0"));
        shop.run("run").ended(ExitCode.DONE);
        JsonNode prune = fields(shop, "", "dryRun removed kept", "prune", "--dry-run");
        named("id reasons", prune.at("/removed/0"));
        named("id reasons", prune.at("/kept/0"));
        fields(shop, "", "packsRemoved packsRewritten packsWaiting bytesFreed waitingFor elapsedMillis", "sweep");
        fields(shop, "", CHECK, "check");
        fields(shop, "", CHECK, "repair");
        fields(shop, "", DONE, "pin", "snap-1", "--reason", "r");
        fields(shop, "", DONE, "unpin", "snap-1");
        fields(shop, "", "file type repository state datasets schedules", "config");
        fields(shop, "", "example", "config", "--example");
        JsonNode keys = fields(shop, "", "slots problems", "keys", "list");
        named("id type label created damaged confirmed", keys.at("/slots/0"));
        String code = fields(shop, "", "recoveryCode", "keys", "recovery")
                .get("recoveryCode")
                .asText();
        fields(shop, code, DONE, "keys", "confirm");
        fields(shop, "", DONE, "keys", "add", "--file", "b.key", "--label", "b");
        fields(shop, "", DONE, "keys", "decline", "--reason", "r");
        JsonNode status = fields(
                shop, "", "status problems warnings snapshots lastSuccess suspects datasets schedules", "status");
        named("name newest newestVerified bytes rpoMillis rpoObjectiveMillis", status.at("/datasets/0"));
        named("name lastSuccess nextAttempt overdueSince", status.at("/schedules/0"));
        named(
                "error message nextStep mistakes",
                shop.run("show", "x", "--json").ended(ExitCode.USAGE).json());
    }

    private static JsonNode fields(Shop shop, String typed, String expected, String... command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--json");
        JsonNode answer = shop.typing(typed, arguments.toArray(String[]::new))
                .ended(ExitCode.DONE)
                .json();
        named(expected, answer);
        return answer;
    }

    private static void named(String expected, JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of(expected.split(" ")), names, object::toString);
    }
}
