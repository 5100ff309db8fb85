package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.spi.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyFileTest {

    private static final byte[] SECRET = "0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void aKey() throws IOException {
        file = Files.write(folder.resolve("key"), SECRET);
        rights("rw-------");
    }

    private void rights(String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void aKeyThatOnlyItsOwnerMayReadIsRead(String rights) throws IOException {
        rights(rights);
        assertArrayEquals(SECRET, SigningKeyFile.at(file).read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
    void aKeyThatOthersMayReadOrWriteIsRefused(String rights) throws IOException {
        rights(rights);
        KeyException refused =
                assertThrows(KeyException.class, () -> SigningKeyFile.at(file).read());
        assertEquals(KeyException.Reason.MALFORMED, refused.reason());
        assertTrue(refused.getMessage().contains("chmod 600"), refused.getMessage());
        assertFalse(refused.getMessage().contains("456789ab"), refused.getMessage());
    }

    @Test
    void aLinkIsFollowedToItsRights() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertArrayEquals(SECRET, SigningKeyFile.at(link).read());
        rights("rw-r--r--");
        assertThrows(KeyException.class, () -> SigningKeyFile.at(link).read());
    }

    @Test
    void aMissingFileAFolderAndATooLongOneAreToldApart() throws IOException {
        assertEquals(KeyException.Reason.MISSING, reason(folder.resolve("none")));
        file = Files.createDirectory(folder.resolve("folder"));
        rights("rwx------");
        assertEquals(KeyException.Reason.UNAVAILABLE, reason(file));
        file = Files.write(folder.resolve("long"), new byte[SigningKey.MOST_BYTES + 1]);
        rights("rw-------");
        assertEquals(KeyException.Reason.MALFORMED, reason(file));
    }

    private static KeyException.Reason reason(Path path) {
        return assertThrows(KeyException.class, () -> SigningKeyFile.at(path).read())
                .reason();
    }

    @Test
    void noTextShowsASecret() {
        SigningKeyFile key = SigningKeyFile.at(file);
        key.read();
        assertFalse((key + key.describe()).contains("456789ab"));
    }
}
