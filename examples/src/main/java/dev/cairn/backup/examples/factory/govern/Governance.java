package dev.cairn.backup.examples.factory.govern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.examples.factory.federation.FederationData;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.govern.Check.Finding;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The governance gates: {@code config/governance.json} says which there are, and each is evaluated when it is asked. One that nobody knows how to evaluate has not passed. */
public final class Governance {

    private final Path policies;
    private final Map<String, Check.Question> gates = new LinkedHashMap<>();

    /** Gates over the factory's data and its backups. */
    public Governance(Path config, FederationData data, FederationSync sync, SnapshotManager backups, PanicFlag panic) {
        this.policies = config.resolve("governance.json");
        gates.put(
                "ledger-intact",
                () -> data.ledger()
                        .problem()
                        .map(problem -> new Finding(false, problem))
                        .orElse(new Finding(true, "the ledger is intact")));
        gates.put("proofs-continuous", () -> {
            List<String> breaks = data.proofs().breaks(data.entries());
            return new Finding(
                    breaks.isEmpty(),
                    breaks.isEmpty() ? "the root is " + data.proofs().root() : breaks.toString());
        });
        gates.put(
                "receipts-countersigned",
                () -> sync.everyReceiptIsVerified()
                        ? new Finding(true, "every receipt bears both signatures")
                        : new Finding(false, "a receipt is missing, altered or lacks a signature"));
        gates.put("chain-intact", () -> {
            ChainVerification chain = backups.verifyChain();
            return new Finding(chain.intact(), chain.describe());
        });
        gates.put(
                "no-panic",
                () -> panic.reason()
                        .map(reason -> new Finding(false, "panic: " + reason))
                        .orElse(new Finding(true, "no panic")));
    }

    /** Evaluates each gate of the policies. */
    public List<Check> evaluate() throws IOException {
        List<Check> checks = new ArrayList<>();
        for (JsonNode gate : Json.read(Files.readString(policies)).path("gates")) {
            String name = gate.asText();
            checks.add(Check.ask(
                    name, gates.getOrDefault(name, () -> new Finding(false, "no gate of that name can be evaluated"))));
        }
        return checks;
    }

    /** Whether there are gates and all pass. */
    public static boolean pass(List<Check> checks) {
        return !checks.isEmpty() && checks.stream().allMatch(Check::isPassed);
    }
}
