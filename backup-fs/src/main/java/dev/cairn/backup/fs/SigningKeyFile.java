package dev.cairn.backup.fs;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A signing key in a file that only its owner may read: PEM, or hexadecimal digits. It is read at each use and never made or changed. A symbolic link is followed, since orchestrators mount
 * secrets as links, and what it leads to must be closed to others as well. Where the platform has no owner-only rights they are not checked. Thread-safe.
 */
public final class SigningKeyFile implements SigningKey {

    private final Path file;

    private SigningKeyFile(Path file) {
        this.file = file;
    }

    /** The key in that file, which must lie outside the repository and every dataset. Touches nothing yet. */
    public static SigningKeyFile at(Path file) {
        return new SigningKeyFile(file.toAbsolutePath().normalize());
    }

    @Override
    public String describe() {
        return "the signing key file " + file;
    }

    /**
     * The text of the key.
     *
     * @throws KeyException {@code MISSING} if there is no file, {@code MALFORMED} if others may read or write it or it is too long, {@code UNAVAILABLE} if it cannot be read
     */
    @Override
    public byte[] read() {
        try {
            return FileIo.call(this::text);
        } catch (NoSuchFileException e) {
            throw new KeyException(Reason.MISSING, describe() + " is missing", "Put the key there, with mode 0600", e);
        } catch (IOException e) {
            throw new KeyException(
                    Reason.UNAVAILABLE,
                    describe() + " cannot be read: " + e,
                    "Give this process the right to read it",
                    e);
        }
    }

    private byte[] text() throws IOException {
        if (OwnerOnly.isOpenToOthers(file)) {
            throw malformed("may be read or written by others than its owner", "Run: chmod 600 '" + file + "'");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(MOST_BYTES + 1);
            if (text.length > MOST_BYTES) {
                throw malformed("has more than " + MOST_BYTES + " bytes", "Put the key alone there");
            }
            return text;
        }
    }

    private KeyException malformed(String problem, String remedy) {
        return new KeyException(Reason.MALFORMED, describe() + " " + problem, remedy, null);
    }

    @Override
    public String toString() {
        return describe();
    }
}
