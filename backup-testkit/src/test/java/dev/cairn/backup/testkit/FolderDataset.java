package dev.cairn.backup.testkit;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files directly in one folder, read at the freeze and replaced by renaming the folder: the least that keeps the contract. */
record FolderDataset(Path live, boolean isOptional) implements Dataset {

    @Override
    public String name() {
        return "folder";
    }

    @Override
    public String kind() {
        return "test-folder";
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(new Location(live.toUri(), ""));
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        if (Files.isDirectory(live)) {
            return Optional.of(new Prepared(this));
        }
        if (isOptional) {
            return Optional.empty();
        }
        throw new SourceException(name(), live + " is missing", "Make it, or declare the dataset optional", null);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        Map<String, byte[]> now = files();
        long replace = 0;
        long keep = 0;
        long create = 0;
        for (Map.Entry<String, byte[]> file : read(snapshot).entrySet()) {
            byte[] current = now.remove(file.getKey());
            if (current == null) {
                create++;
            } else if (Arrays.equals(current, file.getValue())) {
                keep++;
            } else {
                replace++;
            }
        }
        return new DatasetPlan(name(), live.toString(), create, replace, now.size(), keep, 0, List.of(), List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        context.save("restore", context.restoreId().getBytes(StandardCharsets.UTF_8));
        Staged staged = new Staged(this, context.restoreId());
        try {
            Files.createDirectory(staged.stage());
            read(snapshot)
                    .forEach(
                            (name, bytes) -> io(() -> Files.write(staged.stage().resolve(name), bytes)));
            context.save("staged", new byte[0]);
            return staged;
        } catch (IOException | RuntimeException e) {
            remove(staged.stage());
            throw e instanceof RuntimeException typed ? typed : failed((IOException) e);
        }
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return new Staged(this, context.restoreId());
    }

    private Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        io(() -> {
            try (Stream<Path> all = Files.list(live)) {
                for (Path file : all.toList()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        });
        return files;
    }

    private static Map<String, byte[]> read(DatasetReader snapshot) {
        Map<String, byte[]> files = new TreeMap<>();
        try (EntryCursor cursor = snapshot.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                try (InputStream in = entry.content().open()) {
                    files.put(entry.path().value(), in.readAllBytes());
                } catch (IOException e) {
                    throw failed(e);
                }
            }
        }
        return files;
    }

    private static void remove(Path folder) {
        io(() -> {
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.list(folder)) {
                    for (Path file : all.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        });
    }

    private static void io(DatasetSubject.Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw failed(e);
        } catch (BackupException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static StoreException failed(IOException e) {
        return new StoreException(StoreException.Reason.IO, "Files failed: " + e, "See the cause", e);
    }

    private record Prepared(FolderDataset dataset) implements PreparedCapture {

        @Override
        public FrozenView freeze() {
            List<Entry> entries = dataset.files().entrySet().stream()
                    .map(file -> Entry.file(
                            EntryPath.of(file.getKey()),
                            file.getValue().length,
                            EntryAttributes.NONE,
                            () -> new ByteArrayInputStream(file.getValue())))
                    .toList();
            return new FrozenView() {
                @Override
                public EntryCursor entries() {
                    return EntryCursor.of(entries);
                }

                @Override
                public void close() {
                    // Everything is in memory.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Which step is next is seen from which folders are there. */
    private record Staged(FolderDataset dataset, String id) implements StagedRestore {

        Path stage() {
            return dataset.live.resolveSibling("stage-" + id);
        }

        private Path old() {
            return dataset.live.resolveSibling("old-" + id);
        }

        @Override
        public void swap() {
            if (Files.exists(dataset.live.resolveSibling("in-use"))) {
                throw new DatasetInUseException(dataset.name(), "a test holds it", "Let go", null);
            }
            io(() -> {
                if (Files.exists(stage())) {
                    if (!Files.exists(old())) {
                        Files.move(dataset.live, old());
                    }
                    Files.move(stage(), dataset.live);
                }
            });
        }

        @Override
        public void rollback() {
            io(() -> {
                if (Files.exists(old())) {
                    if (Files.exists(dataset.live)) {
                        Files.move(dataset.live, stage());
                    }
                    Files.move(old(), dataset.live);
                }
            });
            remove(stage());
        }

        @Override
        public void finish() {
            remove(stage());
        }
    }
}
