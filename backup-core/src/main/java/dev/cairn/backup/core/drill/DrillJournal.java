package dev.cairn.backup.core.drill;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.spi.StageContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a dataset saves while it is restored for a drill. It need not outlive the process: what a dead one leaves is removed with its room, not recovered. */
final class DrillJournal implements StageContext {

    private final String id;
    private final Instant startedAt;
    private final CancellationToken cancellation;
    private final Map<String, byte[]> saved = new ConcurrentHashMap<>();

    DrillJournal(String id, Instant startedAt, CancellationToken cancellation) {
        this.id = id;
        this.startedAt = startedAt;
        this.cancellation = cancellation;
    }

    @Override
    public String restoreId() {
        return id;
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
    public void save(String key, byte[] value) {
        byte[] known = saved.putIfAbsent(key, value.clone());
        if (known != null && !Arrays.equals(known, value)) {
            throw new IllegalStateException(id + " has another value under " + key);
        }
    }

    @Override
    public Optional<byte[]> load(String key) {
        return Optional.ofNullable(saved.get(key)).map(byte[]::clone);
    }
}
