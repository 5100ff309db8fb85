package dev.cairn.backup.sqlite.live;

import java.lang.reflect.Field;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Finds class loaders that have a SQLite driver of their own which has loaded its native library: each extracts one for itself. Looks at the loaders
 * that can be reached, those of this process's threads and all above them.
 */
final class ForeignDrivers {

    /** Asked in vain: searching a loader's jars again at each snapshot would cost more than the rest of the check. */
    private static final Set<ClassLoader> WITHOUT_DRIVER =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private ForeignDrivers() {}

    /** Their names; empty if there are none, or the driver does not let itself be asked. */
    static SortedSet<String> loaders() {
        SortedSet<String> names = new TreeSet<>();
        Set<Class<?>> asked = new HashSet<>();
        asked.add(SQLiteJDBCLoader.class);
        for (ClassLoader loader : reachable()) {
            Class<?> other = driverOf(loader);
            if (other != null && asked.add(other) && hasLoaded(other)) {
                names.add(describe(other.getClassLoader()));
            }
        }
        return names;
    }

    /** A loader in words; its own do not always hold the name that its container gave it. */
    static String describe(@Nullable ClassLoader loader) {
        return loader == null || loader.getName() == null
                ? String.valueOf(loader)
                : loader.getName() + " (" + loader + ")";
    }

    private static Set<ClassLoader> reachable() {
        Set<ClassLoader> reachable = Collections.newSetFromMap(new IdentityHashMap<>());
        addWithParents(reachable, ClassLoader.getSystemClassLoader());
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 64];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            addWithParents(reachable, threads[i].getContextClassLoader());
        }
        return reachable;
    }

    private static void addWithParents(Set<ClassLoader> reachable, @Nullable ClassLoader first) {
        for (ClassLoader loader = first; loader != null && reachable.add(loader); loader = loader.getParent()) {
            // added by the condition
        }
    }

    private static @Nullable Class<?> driverOf(ClassLoader loader) {
        if (WITHOUT_DRIVER.contains(loader)) {
            return null;
        }
        try {
            return Class.forName(SQLiteJDBCLoader.class.getName(), false, loader);
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            WITHOUT_DRIVER.add(loader);
            return null; // a loader of a host's own that cannot be asked has none to find
        }
    }

    /** A driver that lies there unused harms nobody. */
    private static boolean hasLoaded(Class<?> driver) {
        try {
            Field extracted = driver.getDeclaredField("extracted");
            extracted.setAccessible(true);
            return extracted.getBoolean(null);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return false;
        }
    }
}
