package dev.cairn.backup.examples.sonia;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What the runbook's scripts do by copying files: working code, with the mistakes that everybody makes. */
final class RunbookScript {

    private RunbookScript() {}

    /** {@code Copy-Item memory.db}, without the log beside it. */
    static Path copyOfTheMainFile(Path database, Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.copy(database, folder.resolve("memory-20260215-020000.db"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@code Copy-Item $latest memory.db -Force}, without removing the log of the old database. */
    static void copyOver(Path backup, Path database) throws IOException {
        Files.copy(backup, database, StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@code Get-ChildItem memory-*.db | Sort-Object | Select-Object -Skip 7 | Remove-Item}. */
    static void keepSeven(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old = files.filter(file -> file.getFileName().toString().matches("memory-.*\\.db"))
                    .sorted(Comparator.comparing(RunbookScript::written).reversed())
                    .skip(7)
                    .toList();
            for (Path file : old) {
                Files.delete(file);
            }
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Encrypts with the key in the file; "a backup in plaintext is better than none" if that fails. */
    static void encryptIfPossible(Path database, Path key, Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        try (OutputStream out = encrypted(Files.newOutputStream(target), key)) {
            Files.copy(database, out);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            Files.copy(database, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static OutputStream encrypted(OutputStream out, Path key) throws IOException, GeneralSecurityException {
        byte[] secret = HexFormat.of().parseHex(Files.readString(key).strip());
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(128, new byte[12]));
        return new CipherOutputStream(out, cipher);
    }
}
