package dev.cairn.backup.core;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.core.verify.Pace;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Reads within a budget and rests while any operation of the manager waits or runs; the rest does not count. For one thread. */
final class RestingPace implements Pace {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final OperationGate gate;
    private final LongSupplier nanos;
    private final BooleanSupplier closed;
    private long deadline;

    RestingPace(OperationGate gate, LongSupplier nanos, Duration budget, BooleanSupplier closed) {
        this.gate = gate;
        this.nanos = nanos;
        this.closed = closed;
        this.deadline = nanos.getAsLong() + budget.toNanos();
    }

    @Override
    public boolean goesOn() {
        awaitOthers();
        return !closed.getAsBoolean() && deadline - nanos.getAsLong() > 0;
    }

    @Override
    public void rest() {
        awaitOthers();
        if (closed.getAsBoolean()) {
            throw new BackupCancelledException("the verification in the background");
        }
    }

    private void awaitOthers() {
        if (!gate.isBusy()) {
            return;
        }
        long from = nanos.getAsLong();
        while (!closed.getAsBoolean() && gate.isBusy()) {
            gate.awaitIdle(LOOK);
        }
        deadline += nanos.getAsLong() - from;
    }
}
