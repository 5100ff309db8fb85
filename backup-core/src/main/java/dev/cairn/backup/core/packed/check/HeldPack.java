package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One pack that was fetched whole, for whoever reads it by ranges: it is asked of the store once. Cannot be written. Thread-safe. */
final class HeldPack implements BlobStore {

    private final BlobName held;
    private final byte[] bytes;

    HeldPack(BlobName held, byte[] bytes) {
        this.held = held;
        this.bytes = bytes;
    }

    @Override
    public InputStream read(BlobName name) {
        require(name);
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        require(name);
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " has " + bytes.length + " bytes, " + length + " from " + offset + " were asked for",
                    "Repair the repository",
                    null);
        }
        return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        return name.equals(held) ? Optional.of(new BlobInfo(held, bytes.length)) : Optional.empty();
    }

    @Override
    public List<BlobInfo> list(String folder) {
        return List.of(new BlobInfo(held, bytes.length));
    }

    @Override
    public Set<String> children(String folder) {
        return Set.of();
    }

    private void require(BlobName name) {
        if (!name.equals(held)) {
            throw new BlobNotFoundException(name.value());
        }
    }

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        throw readOnly();
    }

    @Override
    public boolean delete(BlobName name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a pack that was fetched is only read");
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
