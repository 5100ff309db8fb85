package dev.cairn.backup.examples.factory.govern;

import dev.cairn.backup.examples.factory.federation.FederationData;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.tower.TowerClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the factory is well: its services run, its ledger is intact, and nobody has raised the panic flag. */
public final class Health {

    private final PanicFlag panic;
    private final FederationData data;
    private final FederationSync sync;
    private final AlertSystem alerts;
    private final TowerClient tower;

    /** Health of a factory. */
    public Health(PanicFlag panic, FederationData data, FederationSync sync, AlertSystem alerts, TowerClient tower) {
        this.panic = panic;
        this.data = data;
        this.sync = sync;
        this.alerts = alerts;
        this.tower = tower;
    }

    /**
     * What it is.
     *
     * @param status {@code healthy} or {@code unhealthy}
     * @param services which run
     * @param problems why it is not healthy
     */
    public record State(String status, Map<String, Boolean> services, List<String> problems) {

        /** Whether all is well. */
        public boolean healthy() {
            return problems.isEmpty();
        }
    }

    /** Looks. */
    public State state() {
        List<String> problems = new ArrayList<>();
        Map<String, Boolean> services = services();
        services.forEach((name, running) -> {
            if (!running) {
                problems.add(name + " does not run");
            }
        });
        panic.reason().ifPresent(reason -> problems.add("panic: " + reason));
        data.ledger().problem().ifPresent(problems::add);
        return new State(problems.isEmpty() ? "healthy" : "unhealthy", services, problems);
    }

    /** The services that do not run. */
    public List<String> stopped() {
        return services().entrySet().stream()
                .filter(service -> !service.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private Map<String, Boolean> services() {
        return new TreeMap<>(Map.of(
                "federation-sync", sync.running(),
                "alert-system", alerts.running(),
                "tower", tower.answers()));
    }
}
