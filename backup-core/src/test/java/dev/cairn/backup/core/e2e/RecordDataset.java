package dev.cairn.backup.core.e2e;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobContent;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One record in a file of its own, replaced by a rename as databases are, while its old bytes keep a second name: a third kind of dataset, with a way to restore unlike that of trees. */
record RecordDataset(Path file) implements Dataset {

    private static final String OLD = "old";
    private static final String NEW = "new";

    @Override
    public String name() {
        return "record";
    }

    @Override
    public String kind() {
        return "test-record";
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(new Location(file.toUri(), ""));
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return Optional.of(new PreparedCapture() {
            @Override
            public FrozenView freeze() {
                byte[] bytes = live();
                return new FrozenView() {
                    @Override
                    public EntryCursor entries() {
                        return EntryCursor.of(List.of(Entry.file(
                                EntryPath.of("record"),
                                bytes.length,
                                EntryAttributes.NONE,
                                () -> new ByteArrayInputStream(bytes))));
                    }

                    @Override
                    public void close() {
                        // Nothing is held.
                    }
                };
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        });
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        byte[] stored = stored(snapshot);
        return new DatasetPlan(name(), file.toString(), 0, 1, 0, 0, stored.length, List.of(), List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        byte[] stored = stored(snapshot);
        StagedRestore staged = resume(context);
        try {
            Files.createLink(beside(context, OLD), file);
            DurableFiles.writeNew(beside(context, NEW), BlobContent.of(stored));
            DurableFiles.forceDirectory(folder());
            return staged;
        } catch (IOException e) {
            SourceException failure = failed(e);
            try {
                staged.rollback();
            } catch (SourceException again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    @Override
    public StagedRestore resume(StageContext context) {
        Path old = beside(context, OLD);
        Path fresh = beside(context, NEW);
        return new StagedRestore() {
            @Override
            public void swap() {
                changing(() -> {
                    if (isThere(fresh)) {
                        DurableFiles.moveAtomically(fresh, file);
                    }
                });
            }

            /** Makes nothing, so that it also works on a full disk. */
            @Override
            public void rollback() {
                changing(() -> {
                    if (isThere(old) && !Files.isSameFile(old, file)) {
                        DurableFiles.moveAtomically(old, file);
                    }
                    finish();
                });
            }

            @Override
            public void finish() {
                changing(() -> {
                    Files.deleteIfExists(old);
                    Files.deleteIfExists(fresh);
                    DurableFiles.forceDirectory(folder());
                });
            }
        };
    }

    private interface Change {
        void make() throws IOException;
    }

    private void changing(Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A disk that cannot be read is no proof that something is missing. */
    private static boolean isThere(Path place) throws IOException {
        try {
            return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Path folder() {
        return Objects.requireNonNull(file.getParent());
    }

    private Path beside(StageContext context, String what) {
        return folder().resolve(".cairn-" + context.restoreId() + "~record-" + what);
    }

    private byte[] live() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static byte[] stored(DatasetReader snapshot) {
        try (EntryCursor entries = snapshot.entries()) {
            Entry record = entries.next();
            if (record == null) {
                throw new IllegalStateException("the snapshot has no record");
            }
            try (InputStream in = record.content().open()) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SourceException failed(IOException e) {
        return new SourceException(name(), file + " cannot be changed: " + e, "Look after the disk", e);
    }
}
