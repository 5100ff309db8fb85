package dev.cairn.backup.examples.factory.resilience;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.Incident;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.factory.federation.FederationData;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.govern.AlertSystem;
import dev.cairn.backup.examples.factory.govern.Check;
import dev.cairn.backup.examples.factory.govern.Check.Finding;
import dev.cairn.backup.examples.factory.govern.Governance;
import dev.cairn.backup.examples.factory.govern.Health;
import dev.cairn.backup.examples.factory.tower.TowerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The post-recovery checklist of the runbook: each point is asked of the running factory. */
public final class Checklist {

    private static final Duration REVIEW_WITHIN = Duration.ofDays(3);

    private final Health health;
    private final Governance governance;
    private final FederationData data;
    private final FederationSync sync;
    private final TowerClient tower;
    private final AlertSystem alerts;
    private final AuditLog audit;
    private final Supplier<TimelineEpoch> epoch;

    /** A checklist for a factory. @param epoch the present epoch, for the test batch */
    public Checklist(
            Health health,
            Governance governance,
            FederationData data,
            FederationSync sync,
            TowerClient tower,
            AlertSystem alerts,
            AuditLog audit,
            Supplier<TimelineEpoch> epoch) {
        this.health = health;
        this.governance = governance;
        this.data = data;
        this.sync = sync;
        this.tower = tower;
        this.alerts = alerts;
        this.audit = audit;
        this.epoch = epoch;
    }

    /** Asks all of it. The sync and replay tests leave a batch of the line {@code self-test} in the ledger. */
    public List<Check> run(String occasion) {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.ask("services_running", () -> {
            List<String> stopped = health.stopped();
            return new Finding(stopped.isEmpty(), stopped.isEmpty() ? "all run" : "not running: " + stopped);
        }));
        checks.add(Check.ask("health", () -> {
            Health.State state = health.state();
            return new Finding(state.healthy(), state.problems().toString());
        }));
        checks.add(Check.ask("governance", () -> {
            List<Check> gates = governance.evaluate();
            return new Finding(
                    Governance.pass(gates),
                    gates.stream()
                            .filter(gate -> !gate.isPassed())
                            .map(gate -> gate.getName() + ": " + gate.getDetail())
                            .toList()
                            .toString());
        }));
        checks.add(Check.ask("tower_receipts", this::towerReceipts));
        checks.addAll(batches());
        checks.add(Check.ask("alert_system", () -> {
            boolean works = alerts.works();
            return new Finding(works, "a test alert has " + (works ? "" : "not ") + "arrived in the log of alerts");
        }));
        checks.addAll(records(occasion));
        return checks;
    }

    private Finding towerReceipts() throws Exception {
        Optional<SignedStatement> newest = data.newestReceipt();
        if (newest.isEmpty()) {
            return new Finding(data.entries().isEmpty(), "there is no receipt of the newest entry");
        }
        boolean kept = tower.receipts().stream()
                .anyMatch(receipt -> receipt.digest().equals(newest.get().digest()));
        return new Finding(
                kept && sync.everyReceiptIsVerified(),
                kept ? "the tower keeps the newest receipt" : "the tower does not keep the newest receipt");
    }

    /** A test batch, and then the very same again. */
    private List<Check> batches() {
        List<String> sent = new ArrayList<>();
        Check test = Check.ask("sync_test_batch", () -> {
            String batch = tower.batch("self-test", epoch.get(), 16);
            sent.add(batch);
            FederationSync.Outcome outcome = sync.accept(batch);
            return new Finding(outcome.accepted() && outcome.countersigned(), outcome.toString());
        });
        Check replay = Check.ask("replay_refused", () -> {
            if (!test.isPassed()) {
                return new Finding(false, "not evaluated: there was no batch to replay");
            }
            FederationSync.Outcome outcome = sync.accept(sent.get(0));
            return new Finding(!outcome.accepted() && outcome.reason().equals("ALREADY_USED"), outcome.toString());
        });
        return List.of(test, replay);
    }

    private List<Check> records(String occasion) {
        List<String> incidents = new ArrayList<>();
        Check incident = Check.ask("incident_log", () -> {
            String id = audit.report(new Incident.Report(
                            Instant.now(),
                            "factory",
                            new AuditEvent.IncidentCode("factory_recovery", AlertSeverity.DEGRADED),
                            occasion,
                            List.of()))
                    .id();
            incidents.add(id);
            boolean open =
                    audit.openIncidents().stream().anyMatch(one -> one.id().equals(id));
            return new Finding(open && audit.verify().intact(), id);
        });
        Check review = Check.ask("review_scheduled", () -> {
            if (incidents.isEmpty()) {
                return new Finding(false, "not evaluated: there is no incident to review");
            }
            Instant due = Instant.now().plus(REVIEW_WITHIN);
            long line = audit.append(AuditEvent.allowed(Instant.now(), "factory", "review.schedule", incidents.get(0))
                            .detail("due", due.toString()))
                    .sequence();
            return new Finding(audit.head().sequence() >= line && audit.verify().intact(), "due " + due);
        });
        return List.of(incident, review);
    }
}
