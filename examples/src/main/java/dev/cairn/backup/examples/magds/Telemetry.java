package dev.cairn.backup.examples.magds;

import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Counters and gauges in a file that a collector reads; each change replaces it whole. */
final class Telemetry {

    static final String BACKUPS_TOTAL = "magdb.backups_total";
    static final String LAST_BACKUP = "magdb.last_backup_epoch";
    static final String RESTORES_TOTAL = "magdb.restores_total";
    static final String LAST_RESTORE = "magdb.last_restore_epoch";

    private final Path file;

    Telemetry(Path file) {
        this.file = file;
    }

    /** All of them, zero before anything has happened. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        for (String name : new String[] {BACKUPS_TOTAL, LAST_BACKUP, RESTORES_TOTAL, LAST_RESTORE}) {
            all.put(name, 0L);
        }
        try {
            if (Files.exists(file)) {
                Json.read(Files.readString(file))
                        .properties()
                        .forEach(metric ->
                                all.put(metric.getKey(), metric.getValue().asLong()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        return all;
    }

    void backedUp(Instant when) {
        counted(BACKUPS_TOTAL, LAST_BACKUP, when);
    }

    void restored(Instant when) {
        counted(RESTORES_TOTAL, LAST_RESTORE, when);
    }

    private void counted(String counter, String gauge, Instant when) {
        change(all -> {
            all.merge(counter, 1L, Long::sum);
            all.put(gauge, when.getEpochSecond());
            return all;
        });
    }

    private void change(UnaryOperator<Map<String, Long>> change) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(fresh, Answer.ok(change.apply(all())).body() + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
