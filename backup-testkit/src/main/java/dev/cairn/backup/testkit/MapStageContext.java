package dev.cairn.backup.testkit;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.spi.StageContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A stage context whose journal is a map that can be handed to a "new process" and that can fail. Thread-safe. */
public final class MapStageContext implements StageContext {

    private final String restoreId;
    private final Instant startedAt;
    private final CancellationToken cancellation = new CancellationToken();
    private final Map<String, byte[]> journal = new TreeMap<>();
    private long saves;
    private long failAt = Long.MAX_VALUE;

    private MapStageContext(String restoreId, Instant startedAt) {
        this.restoreId = restoreId;
        this.startedAt = startedAt;
    }

    /** An empty journal for a restore. */
    public static MapStageContext create(String restoreId) {
        return new MapStageContext(restoreId, Instant.parse("2026-01-02T03:04:05Z"));
    }

    /**
     * What a new process finds: the same restore with a copy of the journal as it is now, without faults and not cancelled.
     *
     * @return a context of its own
     */
    public synchronized MapStageContext afterCrash() {
        MapStageContext next = new MapStageContext(restoreId, startedAt);
        next.journal.putAll(journal);
        return next;
    }

    /**
     * Lets the save of that number and all later ones throw {@link JournalLost} and keep nothing, as when the process dies there.
     *
     * @param number counted from now on, from 1
     * @return this
     */
    public synchronized MapStageContext failAtSave(long number) {
        failAt = saves + number;
        return this;
    }

    /** How many saves were asked for, those that failed included. */
    public synchronized long saves() {
        return saves;
    }

    /** A copy of the journal. */
    public synchronized Map<String, byte[]> journal() {
        return new TreeMap<>(journal);
    }

    @Override
    public String restoreId() {
        return restoreId;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public CancellationToken cancellation() {
        return cancellation;
    }

    @Override
    public synchronized void save(String key, byte[] value) {
        if (!key.matches("[a-z0-9-]{1,64}")) {
            throw new AssertionError(
                    "StageContext.save: keys are \"1 to 64 characters of a-z 0-9 -\", this is '" + key + "'");
        }
        if (++saves >= failAt) {
            throw new JournalLost(key);
        }
        byte[] known = journal.putIfAbsent(key, value.clone());
        if (known != null && !Arrays.equals(known, value)) {
            throw new IllegalStateException("the journal holds another value under '" + key + "'");
        }
    }

    @Override
    public synchronized Optional<byte[]> load(String key) {
        return Optional.ofNullable(journal.get(key)).map(byte[]::clone);
    }

    /** The fault that {@link #failAtSave} injects. */
    public static final class JournalLost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        JournalLost(String key) {
            super("injected: the journal could not take '" + key + "'");
        }
    }
}
