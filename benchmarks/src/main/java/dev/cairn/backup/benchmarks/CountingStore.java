package dev.cairn.backup.benchmarks;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A store that counts what is read from the packs of another. */
final class CountingStore implements BlobStore {

    private final BlobStore store;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    CountingStore(BlobStore store) {
        this.store = store;
    }

    /** Counts from zero. */
    void reset() {
        reads.set(0);
        bytes.set(0);
    }

    /** What was read from packs since the last {@link #reset}. */
    Map<String, Object> counts() {
        return Map.of("pack_reads", reads.get(), "pack_bytes", bytes.get());
    }

    private void count(BlobName name, long length) {
        if (name.value().startsWith("packs/")) {
            reads.incrementAndGet();
            bytes.addAndGet(length);
        }
    }

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        return store.putIfAbsent(name, content);
    }

    @Override
    public InputStream read(BlobName name) {
        count(name, store.stat(name).map(BlobInfo::size).orElse(0L));
        return store.read(name);
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        count(name, length);
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
    public void deleteAll(Collection<BlobName> names) {
        store.deleteAll(names);
    }

    @Override
    public boolean singleWriter() {
        return store.singleWriter();
    }

    @Override
    public Optional<Location> location() {
        return store.location();
    }

    @Override
    public Optional<ScratchSpace> scratch() {
        return store.scratch();
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
