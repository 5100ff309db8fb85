package dev.cairn.backup.fs;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A secret in a file: one line of 64 hexadecimal digits, readable by its owner only. Keep a copy elsewhere: without it, and without a recovery code, no
 * snapshot can be restored. Thread-safe; making one touches nothing.
 *
 * <p>The file is made once and never changed or replaced; of any number of processes that make it at once one wins and all get its secret. A symbolic link is
 * followed when reading, since orchestrators mount secrets as links, and what it leads to must be closed to others as well; where a link leads nowhere, no
 * key is made. Where the platform has no owner-only rights they are not checked.
 */
public final class KeyFile implements KeyProvider.Secret {

    private static final int DIGITS = 2 * BYTES;

    /** The digits and what an editor may put behind them: CR LF. */
    private static final int MOST = DIGITS + 2;

    private final Path file;

    private KeyFile(Path file) {
        this.file = file;
    }

    /** The key in that file, which need not exist yet. It must lie outside the repository and every dataset. */
    public static KeyFile at(Path file) {
        return new KeyFile(file.toAbsolutePath().normalize());
    }

    /** The file. */
    public Path file() {
        return file;
    }

    @Override
    public String type() {
        return "key-file";
    }

    @Override
    public String describe() {
        return "the key file " + file;
    }

    /** Where the file really lies; of a link, where it leads. */
    @Override
    public Optional<Location> location() {
        return Optional.of(Places.locate(file));
    }

    /**
     * The secret, or empty if there is no file.
     *
     * @throws KeyException {@code MALFORMED} if it is no key or others may read it, {@code UNAVAILABLE} if it cannot be read
     */
    @Override
    public Optional<byte[]> find() {
        try {
            return FileIo.call(this::read);
        } catch (IOException e) {
            throw unavailable("cannot be read: " + e, "Give this process the right to read it", e);
        }
    }

    /**
     * The secret; the file and its folders are made if they are missing. Durable when it returns. After a failure or a crash the file is absent or whole;
     * a file whose name begins with {@code ~} may be left beside it.
     *
     * @throws KeyException as {@link #find}, or {@code UNAVAILABLE} if it cannot be made
     */
    @Override
    public byte[] findOrCreate() {
        Optional<byte[]> found = find();
        if (found.isPresent()) {
            forceName();
            return found.get();
        }
        try {
            FileIo.call(() -> {
                create();
                return file;
            });
        } catch (IOException e) {
            throw unavailable(
                    "cannot be made: " + e,
                    "Choose a folder with hard links that this process may write to, or put 64 random hexadecimal digits there yourself",
                    e);
        }
        return find().orElseThrow(() -> unavailable(
                "was removed while it was being made", "Leave it where it is, or choose another place", null));
    }

    private Optional<byte[]> read() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                throw unavailable("is a link that leads nowhere", "Mount what it leads to, or remove it", e);
            }
            return Optional.empty();
        }
        if (!attributes.isRegularFile()) {
            throw malformed("is no file", "Choose another place, or remove what is there");
        }
        refuseIfOthersMayUse();
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST + 1);
        }
        return Optional.of(secretOf(bytes));
    }

    private void refuseIfOthersMayUse() throws IOException {
        if (OwnerOnly.isOpenToOthers(file)) {
            throw malformed("may be read or written by others than its owner", "Run: chmod 600 '" + file + "'");
        }
    }

    private byte[] secretOf(byte[] bytes) {
        int end = bytes.length;
        end -= end > 0 && bytes[end - 1] == '\n' ? 1 : 0;
        end -= end > 0 && bytes[end - 1] == '\r' ? 1 : 0;
        if (end == DIGITS) {
            try {
                return HexFormat.of().parseHex(new String(bytes, 0, end, StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException e) {
                // Its message shows a part of the secret: it must not become a cause.
            }
        }
        throw malformed("is no key", "A key file is one line of 64 hexadecimal digits; put the right one there");
    }

    /** A file beside it, written and forced; a second name for it, which fails when that is taken; the folder forced. */
    private void create() throws IOException {
        Path folder = folder();
        DurableFiles.createDirectories(folder);
        Path written = folder.resolve("~" + UUID.randomUUID() + ".key");
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        DurableFiles.writeNew(written, BlobContent.of(HexFormat.of().formatHex(secret) + "\n"));
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster: its key counts.
        } catch (UnsupportedOperationException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(written);
        }
        DurableFiles.forceDirectory(folder);
    }

    /** Another process may have made the file and not come so far as to force its name. */
    private void forceName() {
        try {
            DurableFiles.forceDirectory(folder());
        } catch (IOException e) {
            // A folder that cannot be forced, such as a read-only mount, holds a key that was put there long ago.
        }
    }

    private Path folder() {
        Path folder = file.getParent();
        if (folder == null) {
            throw malformed("is no file", "Choose a file in a folder");
        }
        return folder;
    }

    private KeyException malformed(String problem, String remedy) {
        return new KeyException(Reason.MALFORMED, "The key file " + file + " " + problem, remedy, null);
    }

    private KeyException unavailable(String problem, String remedy, @Nullable Throwable cause) {
        return new KeyException(Reason.UNAVAILABLE, "The key file " + file + " " + problem, remedy, cause);
    }

    @Override
    public String toString() {
        return describe();
    }
}
