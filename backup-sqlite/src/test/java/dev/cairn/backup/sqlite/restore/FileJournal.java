package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.spi.StageContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** A journal in files, so that the process that ends a restore can be another than the one that began it. */
public record FileJournal(Path folder) implements StageContext {

    @Override
    public String restoreId() {
        return "restore-7";
    }

    @Override
    public Instant startedAt() {
        return Instant.parse("2026-02-15T14:23:45Z");
    }

    @Override
    public CancellationToken cancellation() {
        return new CancellationToken();
    }

    @Override
    public void save(String key, byte[] value) {
        try {
            Optional<byte[]> known = load(key);
            if (known.isPresent() && !Arrays.equals(known.get(), value)) {
                throw new IllegalStateException(key + " holds another value");
            }
            Path written = Files.write(Files.createDirectories(folder).resolve(key + "~"), value);
            // A process that is killed here leaves the value or none, as a state store does.
            Files.move(written, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> load(String key) {
        try {
            Path file = folder.resolve(key);
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
