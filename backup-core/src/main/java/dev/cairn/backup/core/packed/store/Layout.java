package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;

/** The folders of a packed repository, and how a small blob is read and put. See {@code docs/repository-format.md}, section 1. */
public final class Layout {

    /** The description of the repository. */
    public static final BlobName DESCRIPTION = BlobName.of("cairn.json");

    /** Given up when the store is full. */
    public static final BlobName RESERVE = BlobName.of("reserve");

    public static final String PACKS = "packs";
    public static final String INDEX = "index";
    public static final String SNAPSHOTS = "snapshots";
    public static final String MARKS = "marks";
    public static final String SESSIONS = "sessions";
    public static final String READERS = "readers";
    public static final String CONDEMNED = "condemned";
    public static final String DAMAGED = "damaged";
    public static final String LEDGER = "ledger";
    public static final String SEGMENTS = "segments";

    private Layout() {}

    /** The bytes of what grows: packs, their index, manifests and change logs. */
    public static long bytesIn(BlobStore blobs) {
        return Stream.of(PACKS, INDEX, SNAPSHOTS, SEGMENTS)
                .flatMap(folder -> blobs.list(folder).stream())
                .mapToLong(BlobInfo::size)
                .sum();
    }

    /**
     * Reads a blob whole.
     *
     * @param most the greatest size that is read
     * @throws dev.cairn.backup.BlobNotFoundException if there is none
     * @throws DamagedRepositoryException if it is larger
     */
    public static byte[] read(BlobStore blobs, BlobName name, int most) {
        try (InputStream in = blobs.read(name)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new DamagedRepositoryException(name.value(), "has more than " + most + " bytes", null);
            }
            return bytes;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Reading " + name + " in " + blobs.describe() + " failed: " + e,
                    "Check the store",
                    e);
        }
    }

    /**
     * Puts a blob; when this returns there is one of that name and it is durable.
     *
     * @return whether it was put, or something was there
     * @throws StoreException if it is not known to be
     */
    public static PutOutcome put(BlobStore blobs, BlobName name, BlobContent content) {
        PutOutcome outcome = blobs.putIfAbsent(name, content);
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    name + " in " + blobs.describe() + " may or may not be durable",
                    "Try again",
                    null);
        }
        return outcome;
    }
}
