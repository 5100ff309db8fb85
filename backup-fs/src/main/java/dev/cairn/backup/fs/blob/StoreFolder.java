package dev.cairn.backup.fs.blob;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a store, opened at its first use. Opening that failed is tried again by the next call, so that a volume may come back; once opened, the
 * folder is never made again. Thread-safe.
 */
public final class StoreFolder {

    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.backup.fs.blob");

    private final Path root;
    private final boolean singleWriterDeclared;
    private final Probe probe;
    private volatile boolean opened;
    private volatile @Nullable FolderAbilities abilities;

    /** Touches nothing. */
    public StoreFolder(Path root, boolean singleWriterDeclared) {
        this(root, singleWriterDeclared, FolderAbilities::probe);
    }

    StoreFolder(Path root, boolean singleWriterDeclared, Probe probe) {
        this.root = root.toAbsolutePath().normalize();
        this.singleWriterDeclared = singleWriterDeclared;
        this.probe = probe;
    }

    /** How it is found out what a folder can do. */
    @FunctionalInterface
    interface Probe {
        FolderAbilities of(Path root) throws IOException;
    }

    /** The folder, which may not exist yet. */
    public Path root() {
        return root;
    }

    /** Whether its user has declared that only one process writes. */
    public boolean singleWriterDeclared() {
        return singleWriterDeclared;
    }

    /** Whether a first mutation has found that hard links are missing. */
    public boolean lacksLinks() {
        FolderAbilities known = abilities;
        return known != null && !known.hardLinks();
    }

    /** The blob's file, after the folder was opened. */
    public Path file(BlobName name) {
        return opened().resolve(name.value());
    }

    /** The folder, made if it was missing. */
    public Path opened() {
        if (!opened) {
            open();
        } else if (!Files.isDirectory(root)) {
            // Made again it would look like a store without blobs, when most likely its volume is gone for a while.
            throw unreachable("is not there any more", null);
        }
        return root;
    }

    private synchronized void open() {
        try {
            DurableFiles.createDirectories(root);
        } catch (IOException e) {
            throw unreachable("cannot be opened: " + e, e);
        }
        forceName();
        opened = true;
    }

    private StoreException unreachable(String problem, @Nullable IOException e) {
        return new StoreException(
                Reason.UNREACHABLE,
                "Store folder " + root + " " + problem,
                "Bring the volume back or choose another folder",
                e);
    }

    /**
     * Refuses a folder of the store that is a link, or lies behind one: a walk does not follow links, so what is in there would be in no list.
     *
     * @param place a folder or file below the root
     */
    static void refuseLinks(Path root, @Nullable Path place) throws IOException {
        for (Path folder = place; folder != null && !folder.equals(root); folder = folder.getParent()) {
            if (Files.isSymbolicLink(folder)) {
                throw new IOException(folder + " is a symbolic link; move or mount the store as a whole");
            }
        }
    }

    /** Another process may have made the folder and died before it forced its name. */
    private void forceName() {
        Path parent = root.getParent();
        try {
            if (parent != null) {
                DurableFiles.forceDirectory(parent);
            }
        } catch (IOException e) {
            LOG.debug("The folder above {} cannot be forced: {}", root, e.toString());
        }
    }

    /**
     * What the folder can do, probed once before the first mutation.
     *
     * @throws StoreException if it has no hard links and nobody has declared a single writer, or if it cannot be written
     */
    public synchronized FolderAbilities abilities() {
        FolderAbilities known = abilities;
        if (known == null) {
            known = probe();
            if (known.hardLinks() || singleWriterDeclared) {
                known.report(root, LOG);
            }
            abilities = known;
        }
        if (!known.hardLinks() && !singleWriterDeclared) {
            throw new StoreException(
                    Reason.UNSUPPORTED,
                    "Store folder " + root
                            + " has no hard links, so that of two processes that put one blob both could win",
                    "Choose a folder on another file system, or declare that only one process writes with declareSingleWriter()",
                    null);
        }
        return known;
    }

    private FolderAbilities probe() {
        try {
            return probe.of(opened());
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Probing the store folder " + root, e);
        }
    }
}
