package dev.cairn.backup.lifecycle;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import java.util.ArrayList;
import java.util.List;

/**
 * Who hears what: a log takes everything, a monitor what is a warning or worse, a pager what escalates. A listener itself, to be given to the manager; the
 * host hands its own {@link OperationalAlert}s to the same one.
 *
 * <p>Immutable; as thread-safe as its targets. Every target that an event is for is told, whatever the others throw.
 */
public final class AlertRouting implements BackupListener {

    private static final AlertRouting NOBODY = new AlertRouting(List.of());

    private final List<Route> routes;

    private record Route(AlertSeverity least, BackupListener target) {}

    private AlertRouting(List<Route> routes) {
        this.routes = routes;
    }

    /** Tells nobody. */
    public static AlertRouting nobody() {
        return NOBODY;
    }

    /** As the runbook has it: everything to the log, warnings and worse to the monitor, what escalates to the pager. */
    public static AlertRouting standard(BackupListener log, BackupListener monitor, BackupListener pager) {
        return NOBODY.atLeast(AlertSeverity.INFO, log)
                .atLeast(AlertSeverity.WARN, monitor)
                .atLeast(AlertSeverity.ESCALATE, pager);
    }

    /** The same, and what is as loud as that or louder to this target too, after those that were given before. */
    public AlertRouting atLeast(AlertSeverity severity, BackupListener target) {
        List<Route> more = new ArrayList<>(routes);
        more.add(new Route(severity, target));
        return new AlertRouting(List.copyOf(more));
    }

    /** The targets of events of that severity, in the order in which they are told. */
    public List<BackupListener> targets(AlertSeverity severity) {
        return routes.stream()
                .filter(route -> severity.compareTo(route.least()) >= 0)
                .map(Route::target)
                .toList();
    }

    /**
     * Tells every target that the event is for.
     *
     * @throws RuntimeException what the first target that failed threw, the others' suppressed in it; by then all were told
     */
    @Override
    public void onEvent(BackupEvent event) {
        List<RuntimeException> failures = new ArrayList<>(0);
        for (BackupListener target : targets(event.severity())) {
            try {
                target.onEvent(event);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
            throw first;
        }
    }
}
