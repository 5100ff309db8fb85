package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file system that passes everything through to a real folder, records what changes the disk, and afterwards makes the states that a
 * power cut at any moment may have left, one by one, as real folders.
 *
 * <pre>{@code
 * CrashFileSystem disk = CrashFileSystem.over(tempDir.resolve("real"));
 * try (MyStore store = MyStore.at(disk.root().resolve("store"))) {
 *     store.put("a", bytes);
 *     disk.mark("acknowledged a");
 * }
 * disk.forEachState(tempDir.resolve("states"), CrashSampling.exhaustiveUpTo(10), state -> {
 *     try (MyStore store = MyStore.at(state.directory().resolve("store"))) {
 *         assertTrue(!state.marked("acknowledged a") || Arrays.equals(bytes, store.get("a")));
 *     }
 * });
 * }</pre>
 *
 * <p><b>What a disk may do.</b> Less is promised here than by any one file system, and nothing that none of them does; compare POSIX
 * {@code fsync} and Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014), whose persistence properties these are.
 *
 * <ul>
 *   <li>Names lead to inodes; content belongs to the inode. Content is durable once its file was forced. What was written since may be
 *       there, not there, or there in parts: blocks of 512 bytes at the ends of a write and 4 KiB between, in any order. The size changes
 *       apart from the bytes, so that blocks may read as zeros.
 *   <li>A new, removed or changed name is durable once its folder was forced. Until then any subset of these changes may be lost, in any order;
 *       forcing a file does not save its name, and forcing a folder does not save the folder's own name.
 *   <li>A rename within one folder happens wholly or not at all. A rename of a file from one folder to another may be seen at the source, at the
 *       target or at both, never at neither; of a folder, at one of them. Forcing the source folder makes the whole of it durable.
 *   <li>A force that failed has thrown away what it was to save: a later one that succeeds does not make that durable (Rebello et al., "Can
 *       Applications Recover from fsync Failures?", USENIX ATC 2020).
 *   <li>Permissions and times of modification are durable once their file or folder was forced.
 * </ul>
 *
 * <p>Limits: what is done to the real folder past this file system is taken as if it had been there from the start; writes through
 * memory maps, watch services and asynchronous channels are not supported; owners and extended attributes are passed through and not
 * recorded; {@code force} does not force the real disk. All contents that are written stay in memory. {@link Path#toFile} fails, which finds code
 * that leaves {@code java.nio.file}. Thread-safe; operations that change the disk run one at a time.
 */
public final class CrashFileSystem extends FileSystem {

    private final OperationLog log;
    private final Faults faults = new Faults();
    private final AtomicInteger handles = new AtomicInteger();
    private final CrashFileSystemProvider provider;

    private CrashFileSystem(OperationLog log) {
        this.log = log;
        this.provider = new CrashFileSystemProvider(this, log, faults, handles);
    }

    /**
     * Begins to record what is done below a folder. What is in it counts as durable.
     *
     * @param realDirectory a folder on the default file system; made if it is missing
     * @throws IOException if it cannot be made or read
     */
    public static CrashFileSystem over(Path realDirectory) throws IOException {
        return new CrashFileSystem(
                new OperationLog(Files.createDirectories(realDirectory).toRealPath()));
    }

    /**
     * Records nothing, so that it begins at once and holds nothing in memory: for faults only, and for what a check does with a state that a power cut left. The real disk is
     * not forced here either.
     *
     * @param realDirectory a folder on the default file system; made if it is missing
     * @throws IOException if it cannot be made
     */
    public static CrashFileSystem unrecorded(Path realDirectory) throws IOException {
        return new CrashFileSystem(
                OperationLog.ofNothing(Files.createDirectories(realDirectory).toRealPath()));
    }

    /** The recorded folder as a path of this file system; give it to the code under test. */
    public Path root() {
        return new CrashPath(this, log.root());
    }

    /** Puts a remark into the log, such as what the code under test has just acknowledged. */
    public void mark(String text) {
        log.add(new Operation.Mark(text));
    }

    /** From now on the log is read as if the code under test had made a mistake; {@link #forEachState} ought to find it. */
    public CrashFileSystem asIf(RecipeMistake mistake) {
        log.asIf(mistake);
        return this;
    }

    /** How many entries the log has; a power cut may come after any number of them from 0 to this. */
    public int points() {
        return log.size();
    }

    /**
     * The marks set before a point, in order.
     *
     * @param point 0 to {@link #points}
     */
    public List<String> marksBefore(int point) {
        return marks(log.operations().subList(0, point));
    }

    /** The log as text, one line for each entry. */
    public List<String> history() {
        return log.operations().stream().map(Operation::describe).toList();
    }

    /**
     * Makes what power cuts at every point may leave and checks each state. A state that was checked with the same marks is not checked
     * again. Recording may go on afterwards.
     *
     * @param workDirectory where states are made, one after another in the same folder; on the default file system. After a failure the
     *     failing state is left there
     * @param sampling which of the possible states
     * @param check what must hold
     * @return how many states were checked
     * @throws AssertionError if a check fails, naming the point, the sampling, the log around it and what the state has and lacks
     * @throws IOException if a state cannot be made
     */
    public int forEachState(Path workDirectory, CrashSampling sampling, CrashStateCheck check) throws IOException {
        return forEachState(workDirectory, sampling, 1, check);
    }

    /**
     * The same with several states at a time, each in a folder of its own. The states are the same, their order is not.
     *
     * @param workers how many threads check; from 1
     * @param check called by several threads at once
     * @throws IllegalStateException if nothing was recorded, see {@link #unrecorded}
     */
    public int forEachState(Path workDirectory, CrashSampling sampling, int workers, CrashStateCheck check)
            throws IOException {
        if (workers < 1) {
            throw new IllegalArgumentException("workers is " + workers + ", allowed is 1 or more");
        }
        if (!log.keeps()) {
            throw new IllegalStateException("nothing was recorded; use CrashFileSystem.over");
        }
        try (StateChecks checks = new StateChecks(workDirectory, workers)) {
            return new StateEnumerator(log, sampling, checks).checkAll(check);
        }
    }

    /**
     * Lets one operation fail with an {@link IOException} before it does anything.
     *
     * @param number counts from now on, from 1, every operation that changes the disk, writes and forces included
     * @return this
     */
    public CrashFileSystem failAt(long number) {
        synchronized (log) {
            faults.failAt(number);
        }
        return this;
    }

    /**
     * Lets the disk run full: half of that write fits, and every later one fails with "No space left on device" until {@link #heal}.
     *
     * @param number counts writes from now on, from 1
     * @return this
     */
    public CrashFileSystem fullAtWrite(long number) {
        synchronized (log) {
            faults.fullFromWrite(number);
        }
        return this;
    }

    /**
     * Lets one force fail with an {@link IOException}; what it was to save may be lost for ever.
     *
     * @param number counts forces of files and folders from now on, from 1
     * @return this
     */
    public CrashFileSystem failForceAt(long number) {
        synchronized (log) {
            faults.failForceAt(number);
        }
        return this;
    }

    /**
     * Lets one call fail, whatever it is: also one that only reads or looks.
     *
     * @param number counts calls from now on, from 1: whatever changes the disk, reads of channels, opening files and folders, looks at attributes
     * @param kind how it fails
     * @return this
     */
    public CrashFileSystem failCallAt(long number, FaultKind kind) {
        synchronized (log) {
            faults.failCalls(number, number, kind);
        }
        return this;
    }

    /**
     * Lets that call and every later one fail until {@link #heal}.
     *
     * @param number as for {@link #failCallAt}
     * @param kind how they fail
     * @return this
     */
    public CrashFileSystem failCallsFrom(long number, FaultKind kind) {
        synchronized (log) {
            faults.failCalls(number, Long.MAX_VALUE, kind);
        }
        return this;
    }

    /** How many calls were made that {@link #failCallAt} counts. */
    public long calls() {
        synchronized (log) {
            return faults.calls();
        }
    }

    /** How many files and folders are open that were opened below {@link #root}; 0 once everybody has closed what he opened. */
    public int openHandles() {
        return handles.get();
    }

    /**
     * Takes all faults away.
     *
     * @return this
     */
    public CrashFileSystem heal() {
        synchronized (log) {
            faults.heal();
        }
        return this;
    }

    /** How many operations that change the disk were asked for. */
    public long operations() {
        synchronized (log) {
            return faults.operations();
        }
    }

    /** How many writes were asked for. */
    public long writes() {
        synchronized (log) {
            return faults.writes();
        }
    }

    /** How many forces were asked for. */
    public long forces() {
        synchronized (log) {
            return faults.forces();
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /** Does nothing: there is nothing to release. */
    @Override
    public void close() {
        // The log lives as long as the object.
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return FileSystems.getDefault().getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        List<Path> roots = new ArrayList<>();
        FileSystems.getDefault().getRootDirectories().forEach(root -> roots.add(new CrashPath(this, root)));
        return roots;
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return FileSystems.getDefault().getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return FileSystems.getDefault().supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        return new CrashPath(this, FileSystems.getDefault().getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(CrashPath.unwrap(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return FileSystems.getDefault().getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("a crash file system has no watch service");
    }

    static List<String> marks(List<Operation> operations) {
        return operations.stream()
                .filter(Operation.Mark.class::isInstance)
                .map(operation -> ((Operation.Mark) operation).text())
                .toList();
    }
}
