package dev.cairn.backup.core.lasting;

import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.lifecycle.RestartBudget;
import dev.cairn.backup.lifecycle.RestartOutcome;
import dev.cairn.backup.lifecycle.RestartPolicy;
import dev.cairn.backup.spi.BlobStore;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * The restart budgets of a host's services, so that a host that crashes in a loop is held down like any other. Thread-safe, also for several processes on one state store.
 *
 * <p>Every method reads or writes the state store and throws {@link dev.cairn.backup.StoreException} if it fails; after a failed change the old budget or the new one is stored.
 */
public final class RestartBudgets {

    private final BlobStore state;
    private final RestartPolicy policy;

    private RestartBudgets(BlobStore state, RestartPolicy policy) {
        this.state = state;
        this.policy = policy;
    }

    /**
     * @param state the state store, as given to the builder; stays open
     * @param policy the rules, which may have changed since a budget was stored
     */
    public static RestartBudgets in(BlobStore state, RestartPolicy policy) {
        return new RestartBudgets(state, policy);
    }

    /**
     * The budget of a service; a fresh one if nothing is known of it.
     *
     * @param service 1 to 64 characters of A-Z a-z 0-9 . _ - that do not begin with a dot
     */
    public RestartBudget of(String service) {
        return under(slot(service).get());
    }

    /** Counts a failure and answers what to do; what is remembered is durable when this returns, so it may be acted on. */
    public RestartOutcome failed(String service, Instant at, RandomGenerator random) {
        AtomicReference<RestartBudget.Decision> decided = new AtomicReference<>();
        slot(service).update(stored -> {
            RestartBudget known = under(stored);
            RestartBudget.Decision before = decided.get();
            if (before != null && known.failures().contains(at)) {
                return Optional.of(known); // Another process has built on this very answer, which counts once.
            }
            RestartBudget.Decision decision = known.failed(at, random);
            decided.set(decision);
            return Optional.of(decision.budget());
        });
        return Objects.requireNonNull(decided.get()).outcome();
    }

    /** The service is up. Writes only what changes. */
    public void succeeded(String service, Instant at) {
        RestartBudget known = of(service);
        if (!known.succeeded(at).equals(known)) {
            slot(service).update(stored -> Optional.of(under(stored).succeeded(at)));
        }
    }

    private RestartBudget under(Optional<RestartBudget> stored) {
        return stored.map(known -> known.under(policy)).orElseGet(() -> RestartBudget.start(policy));
    }

    private StateSlot<RestartBudget> slot(String service) {
        return new StateSlot<>(state, LastingName.folder("budgets", "service", service), new BudgetForm(policy));
    }
}
