package dev.cairn.backup.core.e2e;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A deliberate mistake: some blobs are put only after another that should have come last. */
final class LatePuts implements BlobStore {

    private final BlobStore store;
    private final Predicate<String> late;
    private final Predicate<String> until;
    private final Map<BlobName, byte[]> held = new LinkedHashMap<>();

    LatePuts(BlobStore store, Predicate<String> late, Predicate<String> until) {
        this.store = store;
        this.late = late;
        this.until = until;
    }

    @Override
    public synchronized PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        if (late.test(name.value())) {
            try (InputStream in = content.open()) {
                held.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return PutOutcome.CREATED;
        }
        PutOutcome outcome = store.putIfAbsent(name, content);
        if (until.test(name.value())) {
            held.forEach((heldName, bytes) -> store.putIfAbsent(heldName, BlobContent.of(bytes)));
            held.clear();
        }
        return outcome;
    }

    @Override
    public InputStream read(BlobName name) {
        return store.read(name);
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        return store.readRange(name, offset, length);
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        return store.stat(name);
    }

    @Override
    public List<BlobInfo> list(String folder) {
        return store.list(folder);
    }

    @Override
    public Set<String> children(String folder) {
        return store.children(folder);
    }

    @Override
    public boolean delete(BlobName name) {
        return store.delete(name);
    }

    @Override
    public String describe() {
        return store.describe();
    }

    @Override
    public void close() {
        store.close();
    }
}
