package dev.cairn.backup.examples.factory;

import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.backups.Kind;
import dev.cairn.backup.examples.factory.backups.ProofArchives;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.govern.Check;
import dev.cairn.backup.examples.factory.govern.Governance;
import dev.cairn.backup.examples.factory.govern.Health;
import dev.cairn.backup.examples.factory.govern.PanicRecovery;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.JsonServer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the factory answers over HTTP, to its operators and to the federation. */
final class FactoryApi {

    private final FactoryRuntime factory;
    private final Restores restores;
    private final QuarterlyDrill drill;

    FactoryApi(FactoryRuntime factory, Restores restores) {
        this.factory = factory;
        this.restores = restores;
        this.drill = new QuarterlyDrill(factory, restores);
    }

    void routes(JsonServer server) {
        server.route("GET", "/api/mcp/healthz", this::health)
                .route("GET", "/api/mcp/governance", this::governance)
                .route("GET", "/federation", this::federation)
                .route("POST", "/federation/pull", this::pull)
                .route(
                        "POST",
                        "/federation/batches",
                        call -> outcome(factory.sync().accept(call.body())))
                .route(
                        "POST",
                        "/federation/countersign",
                        call -> Answer.ok(Map.of("waiting", factory.sync().countersignWaiting())))
                .route("POST", "/services", this::service)
                .route("POST", "/backup", this::backup)
                .route("GET", "/objectives", this::objectives)
                .route("GET", "/verify/archive", this::archive)
                .route("GET", "/verify/chain", this::chain)
                .route("POST", "/restore", this::restore)
                .route("POST", "/panic/recover", this::panic)
                .route("POST", "/drill", call -> proof(drill.run()))
                .route("GET", "/recoveries", this::recoveries);
    }

    private Answer health(Call call) {
        Health.State state = factory.health().state();
        return Answer.of(state.healthy() ? 200 : 503, state);
    }

    private Answer governance(Call call) throws Exception {
        List<Check> gates = factory.governance().evaluate();
        return Answer.ok(Map.of("passing", Governance.pass(gates), "gates", gates));
    }

    private Answer federation(Call call) throws Exception {
        return Answer.ok(Map.of(
                "ledger", factory.data().entries(),
                "nonces", factory.data().nonces().nonces(),
                "index", factory.data().receipts().index(),
                "receipts",
                        factory.data().receipts().all().stream()
                                .map(FactoryApi::text)
                                .toList(),
                "epoch", factory.backups().epoch().number()));
    }

    private Answer pull(Call call) throws Exception {
        List<FederationSync.Outcome> outcomes = new ArrayList<>();
        int count = Integer.parseInt(call.parameter("count").orElse("1"));
        for (int i = 0; i < count; i++) {
            outcomes.add(factory.sync()
                    .pull(
                            call.parameter("line").orElse("line-1"),
                            factory.backups().epoch(),
                            Integer.parseInt(call.parameter("bytes").orElse("64"))));
        }
        return Answer.ok(outcomes);
    }

    private static Answer outcome(FederationSync.Outcome outcome) {
        return Answer.of(outcome.accepted() ? 200 : outcome.reason().equals("SYNC_STOPPED") ? 503 : 409, outcome);
    }

    private Answer service(Call call) {
        String name = call.parameter("name").orElse("");
        boolean start = call.parameter("action").orElse("").equals("start");
        switch (name) {
            case "federation-sync" -> {
                if (start) {
                    factory.sync().start();
                } else {
                    factory.sync().stop();
                }
            }
            case "alert-system" -> {
                if (start) {
                    factory.alerts().start();
                } else {
                    factory.alerts().stop();
                }
            }
            default -> throw new InvalidValueException("name of a service", name, "federation-sync or alert-system");
        }
        return Answer.ok(factory.health().state());
    }

    private Answer backup(Call call) throws Exception {
        SnapshotMetadata taken = factory.maintenance()
                .run(factory.backups(), Kind.of(call.parameter("kind").orElse("")));
        return Answer.ok(Map.of(
                "id", taken.id().value(),
                "day", DatedSnapshots.dayOf(taken).toString(),
                "datasets",
                        taken.datasets().stream().map(summary -> summary.name()).toList()));
    }

    /** For each dataset what would be lost now, against what is promised. */
    private Answer objectives(Call call) {
        Map<String, Object> told = new TreeMap<>();
        factory.backups().health().datasets().forEach(dataset -> {
            Map<String, Object> one = new TreeMap<>();
            dataset.objective().rpo().ifPresent(rpo -> one.put("rpoTargetMillis", rpo.toMillis()));
            dataset.objective().rto().ifPresent(rto -> one.put("rtoTargetMillis", rto.toMillis()));
            dataset.rpo().ifPresent(rpo -> one.put("rpoMillis", rpo.toMillis()));
            told.put(dataset.dataset(), one);
        });
        return Answer.ok(told);
    }

    private Answer archive(Call call) throws Exception {
        String date = call.parameter("date").orElse(DatedSnapshots.LATEST);
        List<LocalDate> days = factory.archives().days();
        LocalDate day = DatedSnapshots.day(date)
                .or(() -> days.stream().reduce((older, newer) -> newer))
                .filter(days::contains)
                .orElseThrow(() -> new InvalidValueException("date", date, "a day with an archive: " + days));
        ProofArchives.Verified verified = factory.archives().verify(day);
        return Answer.of(verified.problems().isEmpty() ? 200 : 409, verified);
    }

    /** Over a range of days, both included. */
    private Answer chain(Call call) {
        LocalDate from = call.parameter("from").flatMap(DatedSnapshots::day).orElse(LocalDate.MIN);
        LocalDate to = call.parameter("to").flatMap(DatedSnapshots::day).orElse(LocalDate.MAX);
        long[] numbers = factory.backups().list().stream()
                .filter(snapshot -> !DatedSnapshots.dayOf(snapshot).isBefore(from)
                        && !DatedSnapshots.dayOf(snapshot).isAfter(to))
                .mapToLong(SnapshotMetadata::sequence)
                .sorted()
                .toArray();
        if (numbers.length == 0) {
            throw new InvalidValueException("range", from + " to " + to, "days with snapshots");
        }
        ChainVerification chain = factory.backups().verifyChain(numbers[0], numbers[numbers.length - 1]);
        return Answer.of(
                chain.intact() ? 200 : 409,
                Map.of("intact", chain.intact(), "checked", chain.checked(), "described", chain.describe()));
    }

    private Answer restore(Call call) throws Exception {
        String date = call.parameter("date").orElse(DatedSnapshots.LATEST);
        String what = call.parameter("what").orElse("");
        return switch (what) {
            case "proofs" -> proof(restores.proofs(date));
            case "ledger" -> proof(restores.ledger(date));
            default ->
                throw new InvalidValueException(
                        "what",
                        what,
                        "proofs or ledger; everything is restored by FactoryRestore, with the factory down");
        };
    }

    private Answer panic(Call call) throws Exception {
        PanicRecovery.Outcome outcome = restores.panic();
        return Answer.of(outcome.recovered() ? 200 : 409, outcome);
    }

    private Answer recoveries(Call call) throws Exception {
        return Answer.ok(factory.proofs().all().stream().map(FactoryApi::text).toList());
    }

    /** 200 if it says that all was passed; what was restored is restored either way. */
    private static Answer proof(SignedStatement proof) {
        return new Answer(Restores.passed(proof) ? 200 : 409, text(proof));
    }

    private static String text(SignedStatement statement) {
        return new String(statement.encode(), StandardCharsets.UTF_8);
    }
}
