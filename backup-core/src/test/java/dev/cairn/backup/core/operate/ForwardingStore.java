package dev.cairn.backup.core.operate;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does what another store does; tests override what they want to be different. */
public class ForwardingStore implements BlobStore {

    private final BlobStore delegate;

    public ForwardingStore(BlobStore delegate) {
        this.delegate = delegate;
    }

    /** The same store, said to lie somewhere. */
    public static BlobStore at(BlobStore delegate, Location place) {
        return new ForwardingStore(delegate) {
            @Override
            public Optional<Location> location() {
                return Optional.of(place);
            }
        };
    }

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        return delegate.putIfAbsent(name, content);
    }

    @Override
    public InputStream read(BlobName name) {
        return delegate.read(name);
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        return delegate.readRange(name, offset, length);
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        return delegate.stat(name);
    }

    @Override
    public List<BlobInfo> list(String folder) {
        return delegate.list(folder);
    }

    @Override
    public Set<String> children(String folder) {
        return delegate.children(folder);
    }

    @Override
    public boolean delete(BlobName name) {
        return delegate.delete(name);
    }

    @Override
    public Optional<Location> location() {
        return delegate.location();
    }

    @Override
    public Optional<ScratchSpace> scratch() {
        return delegate.scratch();
    }

    @Override
    public String describe() {
        return delegate.describe();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
