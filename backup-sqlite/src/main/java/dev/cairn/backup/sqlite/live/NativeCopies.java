package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Finds a second copy of SQLite's native library in this process. Each copy keeps its own list of the files that it has open; when one closes a
 * database, POSIX drops the locks that the other holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2.1).
 *
 * <p>Linux shows all libraries, whoever loaded them. Other POSIX systems show what {@link ForeignDrivers} finds. Windows is left alone: there a lock belongs
 * to the handle that took it.
 */
final class NativeCopies {

    private static final String EXECUTABLE = "x";

    /** Part of the name of the library that sqlite-jdbc, and what is derived from it, unpacks and loads. */
    private static final String DRIVER = "sqlitejdbc";

    private static final String BY_LOADER = "that of class loader ";

    /** The size of all libraries when they were last looked through and found good. */
    private static volatile @Nullable String sizeWhenSingle;

    private NativeCopies() {}

    /**
     * Refuses a second copy of the driver's library, which is loaded to open databases, and warns of any other SQLite: the system's own is loaded by libraries such as NSS for databases of their
     * own. To be called before a database is opened. 0.05 ms when no library was loaded since the last time.
     *
     * @param subject the dataset and its database, for the message
     * @param warnings takes a sentence if there is another SQLite
     * @throws SourceException if there is a second driver
     */
    static void requireSingle(DatabaseSettings subject, Consumer<String> warnings) {
        loadOurs();
        Optional<String> size = ProcFile.STATUS.lines().flatMap(NativeCopies::sizeOfLibraries);
        if (size.isPresent() && size.get().equals(sizeWhenSingle)) {
            return;
        }
        SortedSet<String> copies =
                ProcFile.MAPS.lines().map(NativeCopies::among).orElseGet(NativeCopies::byClassLoader);
        if (isSingle(copies, subject, warnings)) {
            sizeWhenSingle = size.orElse(null);
        }
    }

    /** False with a warning, which is to be told again at the next snapshot. */
    static boolean isSingle(SortedSet<String> copies, DatabaseSettings subject, Consumer<String> warnings) {
        if (copies.stream().filter(NativeCopies::isDriver).count() > 1) {
            throw refusal(subject, copies);
        }
        if (copies.size() > 1) {
            warnings.accept("This process has another SQLite besides the driver's (" + String.join(", ", copies)
                    + "); nothing but the driver may open " + subject.configured()
                    + ", for closing it elsewhere drops the locks on it");
        }
        return copies.size() <= 1;
    }

    private static boolean isDriver(String copy) {
        return copy.contains(DRIVER) || copy.startsWith(BY_LOADER);
    }

    private static SourceException refusal(DatabaseSettings subject, SortedSet<String> copies) {
        String loaders = ForeignDrivers.loaders().stream()
                .map(loader -> "; class loader " + loader + " has a driver of its own")
                .collect(Collectors.joining());
        return new SourceException(
                subject.name(),
                subject.configured()
                        + " is not opened, for this process has more than one copy of the native SQLite library, which"
                        + " break each other's locks: " + String.join(", ", copies) + loaders,
                "Load sqlite-jdbc once, in a class loader that the host and Cairn share, remove whatever loads another SQLite, and start the process again",
                null);
    }

    /** Both copies must be there to be counted, and ours is perhaps not needed before this call. Opens no database. */
    private static void loadOurs() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            // The connection that follows fails by the same cause, and tells it.
            LoggerFactory.getLogger(NativeCopies.class).debug("SQLite's library cannot be loaded", e);
        }
    }

    /**
     * The copies among the lines of {@code /proc/self/maps}: files with SQLite's name that hold code. A database of that name, or its
     * {@code -shm}, is mapped without.
     */
    static SortedSet<String> among(List<String> maps) {
        SortedSet<String> copies = new TreeSet<>();
        for (String line : maps) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (!lower.contains("sqlite") && !lower.contains("sqlcipher")) {
                continue;
            }
            // address rights offset device inode, then the path to the end of the line
            String[] parts = line.split(" +", 6);
            if (parts.length == 6 && parts[1].contains(EXECUTABLE) && isLibrary(parts[5])) {
                copies.add(parts[5] + " (inode " + parts[4] + ")");
            }
        }
        return copies;
    }

    private static boolean isLibrary(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.contains("sqlite") || name.contains("sqlcipher");
    }

    /**
     * The size of this process's code in libraries ({@code VmLib}), which changes when one is loaded or let go, but not with heap and threads. A process
     * may have tens of thousands of maps, and reading them takes milliseconds.
     */
    static Optional<String> sizeOfLibraries(List<String> status) {
        return status.stream().filter(line -> line.startsWith("VmLib:")).findFirst();
    }

    static SortedSet<String> byClassLoader() {
        SortedSet<String> copies = new TreeSet<>();
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return copies;
        }
        copies.add(BY_LOADER + ForeignDrivers.describe(SQLiteJDBCLoader.class.getClassLoader()));
        ForeignDrivers.loaders().forEach(loader -> copies.add(BY_LOADER + loader));
        return copies;
    }
}
