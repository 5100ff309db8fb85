package dev.cairn.backup.core.archive;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the contents of one dataset so that a repository can open them late, twice and from several threads: small ones in memory for as long as somebody
 * holds on to the entry, others one after the other in one file of the scratch space. That file is the one thing in core that
 * is not behind a blob store: scratch is local by definition, and gives a place rather than streams.
 */
final class ContentSpool implements ContentKeeper {

    /** A repository holds some tens of entries at a time, or some thousands: at most 32 MiB for each thousand. */
    private static final int SMALL = 32 * 1024;

    private final ScratchSpace scratch;
    private final long mostBytes;
    private final MessageDigest sha256 = EntryDigest.sha256();
    private final byte[] piece = new byte[64 * 1024];
    private ScratchSpace.@Nullable ScratchFile file;
    private @Nullable OutputStream out;
    private long position;

    /** @param mostBytes the contents of the dataset together, to reserve room for */
    ContentSpool(ScratchSpace scratch, long mostBytes) {
        this.scratch = scratch;
        this.mostBytes = mostBytes;
    }

    @Override
    public Kept keep(Pieces pieces, long size, String entry) {
        return size <= SMALL ? inMemory(pieces, (int) size, entry) : inFile(pieces, size, entry);
    }

    private Kept inMemory(Pieces pieces, int size, String entry) {
        byte[] bytes = new byte[size];
        for (int length = 0; length < size; ) {
            length += piece(pieces, bytes, length, size - length, entry);
        }
        return new Kept(() -> new ByteArrayInputStream(bytes), sha256.digest(bytes));
    }

    private Kept inFile(Pieces pieces, long size, String entry) {
        long start = position;
        try {
            OutputStream to = out == null ? open() : out;
            for (long left = size; left > 0; ) {
                int count = piece(pieces, piece, 0, (int) Math.min(piece.length, left), entry);
                sha256.update(piece, 0, count);
                to.write(piece, 0, count);
                left -= count;
            }
        } catch (IOException e) {
            throw failed("written", e);
        }
        position = start + size;
        byte[] digest = sha256.digest();
        Path path = Objects.requireNonNull(file).path();
        EntryContent content = () -> new SpooledContent(
                path.getFileSystem().provider().newInputStream(path, StandardOpenOption.READ),
                start,
                size,
                digest,
                entry);
        return new Kept(content, digest);
    }

    private OutputStream open() throws IOException {
        ScratchSpace.ScratchFile reserved = scratch.reserve("archive-import", mostBytes);
        file = reserved;
        Path path = reserved.path();
        out = path.getFileSystem()
                .provider()
                .newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return out;
    }

    static int piece(Pieces pieces, byte[] into, int offset, int length, String entry) {
        int count = pieces.read(into, offset, length);
        if (count < 0) {
            throw new DamagedArchiveException(entry, "was cut", null);
        }
        return count;
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            throw failed("closed", e);
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private static StoreException failed(String what, IOException cause) {
        return new StoreException(
                StoreException.Reason.IO,
                "The scratch file of an import could not be " + what + ": " + cause,
                "Make room in the scratch space and import again",
                cause);
    }
}
