package dev.cairn.backup.testkit;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A blob store in memory that keeps the whole contract within one process. Blobs live as long as the object: {@link #close} releases nothing, so
 * that a test can close a repository and open it again on the same store. Thread-safe.
 */
public final class MemoryBlobStore implements BlobStore {

    private final ConcurrentNavigableMap<BlobName, byte[]> blobs = new ConcurrentSkipListMap<>();

    /** An empty store. */
    public MemoryBlobStore() {}

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        if (blobs.containsKey(name)) {
            return PutOutcome.EXISTS;
        }
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readAllBytes();
        } catch (BackupException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The content for blob '" + name + "' could not be read: " + e,
                    "See the cause",
                    e);
        }
        return blobs.putIfAbsent(name, bytes) == null ? PutOutcome.CREATED : PutOutcome.EXISTS;
    }

    @Override
    public InputStream read(BlobName name) {
        return new ByteArrayInputStream(existing(name));
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        if (offset < 0) {
            throw new InvalidValueException("offset", offset, "0 or more");
        }
        if (length < 0) {
            throw new InvalidValueException("length", length, "0 or more");
        }
        byte[] bytes = existing(name);
        if (offset > bytes.length - length) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Blob '" + name + "' has " + bytes.length + " bytes, " + length + " from " + offset
                            + " were asked for",
                    "Verify the repository",
                    null);
        }
        return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        return Optional.ofNullable(blobs.get(name)).map(bytes -> new BlobInfo(name, bytes.length));
    }

    @Override
    public List<BlobInfo> list(String folder) {
        String prefix = prefix(folder);
        return blobs.entrySet().stream()
                .filter(blob -> blob.getKey().value().startsWith(prefix))
                .map(blob -> new BlobInfo(blob.getKey(), blob.getValue().length))
                .toList();
    }

    @Override
    public Set<String> children(String folder) {
        String prefix = prefix(folder);
        Set<String> children = new TreeSet<>();
        for (BlobName name : blobs.keySet()) {
            if (name.value().startsWith(prefix)) {
                int slash = name.value().indexOf('/', prefix.length());
                children.add(name.value()
                        .substring(prefix.length(), slash < 0 ? name.value().length() : slash));
            }
        }
        return children;
    }

    @Override
    public boolean delete(BlobName name) {
        return blobs.remove(name) != null;
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void close() {
        // The blobs live as long as the object; see the class comment.
    }

    /**
     * A copy of a blob's bytes.
     *
     * @throws BlobNotFoundException if there is none
     */
    public byte[] bytes(BlobName name) {
        return existing(name).clone();
    }

    /**
     * Puts other bytes under a name that exists, as a failing disk or a hand on the store would; no operation of the contract can.
     *
     * @throws BlobNotFoundException if there is none
     */
    public void damage(BlobName name, byte[] bytes) {
        if (blobs.replace(name, bytes.clone()) == null) {
            throw new BlobNotFoundException(name.value());
        }
    }

    /** A store of its own with the same blobs as this one has now. */
    public MemoryBlobStore copy() {
        MemoryBlobStore copy = new MemoryBlobStore();
        copy.blobs.putAll(blobs);
        return copy;
    }

    /** Whether both stores hold the same names with the same bytes. */
    public boolean sameBlobs(MemoryBlobStore other) {
        Map<BlobName, byte[]> theirs = other.blobs;
        return blobs.keySet().equals(theirs.keySet())
                && blobs.entrySet().stream()
                        .allMatch(blob -> Arrays.equals(blob.getValue(), theirs.get(blob.getKey())));
    }

    /** The bytes of all blobs together. */
    public long totalBytes() {
        return blobs.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    private byte[] existing(BlobName name) {
        byte[] bytes = blobs.get(name);
        if (bytes == null) {
            throw new BlobNotFoundException(name.value());
        }
        return bytes;
    }

    private static String prefix(String folder) {
        return folder.isEmpty() ? "" : BlobName.of(folder) + "/";
    }
}
