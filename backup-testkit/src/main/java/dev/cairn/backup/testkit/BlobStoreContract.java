package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of {@link BlobStore} as a test. Extend it, say how an empty store is made, and run it with JUnit 5:
 *
 * <pre>{@code
 * class MyStoreTest extends BlobStoreContract {
 *     @TempDir Path folder;
 *
 *     @Override protected BlobStore newStore() { return MyStore.at(folder.resolve("store")); }
 * }
 * }</pre>
 *
 * <p>What a power cut leaves cannot be tested from outside a store; see {@link dev.cairn.backup.testkit.crash.CrashFileSystem} for stores that
 * keep files.
 */
public abstract class BlobStoreContract extends BlobReadTests {

    /** For subclasses. */
    protected BlobStoreContract() {}

    /**
     * What a store can do beyond what every store must.
     *
     * @param caseSensitive whether names that differ in case only are different blobs
     * @param longNames whether a whole name of 1024 characters can be stored; some platforms bound the path of a file
     */
    public record Capabilities(boolean caseSensitive, boolean longNames) {

        /** Everything. */
        public static Capabilities all() {
            return new Capabilities(true, true);
        }
    }

    @Test
    void listingIsInTheOrderOfNames() throws Exception {
        BlobStore store = store();
        // In ASCII '-' and '.' come before '/', and digits after it: the order of names is not that of a walk through
        // folders.
        List<String> names =
                List.of("f/a-b", "f/a.b", "f/a/b", "f/a/c/d", "f/a0", "f/b", "g/A", "g/a%41", "g/a+", "g/z");
        List<String> shuffled = new ArrayList<>(names);
        Collections.reverse(shuffled);
        shuffled.forEach(name -> put(store, name, noise(1, name.length())));
        assertEquals(names, names(store.list("")), "list: \"in the order of their names\"");
        assertEquals(
                names.subList(0, 6), names(store.list("f")), "list: \"at any depth, in the order of their names\"");
        assertEquals(
                names.stream().map(name -> (long) name.length()).toList(),
                store.list("").stream().map(BlobInfo::size).toList(),
                "list: with their sizes");
    }

    @Test
    void aFolderIsWholeComponents() throws Exception {
        BlobStore store = store();
        for (String name : List.of("a/x", "ab/x", "a-b/x", "a.b", "b/a/x")) {
            put(store, name, noise(1, 1));
        }
        assertEquals(List.of("a/x"), names(store.list("a")), "list: \"whose name begins with folder and a slash\"");
        assertEquals(Set.of("x"), store.children("a"), "children: \"directly below folder\"");
        assertEquals(List.of(), names(store.list("a/x")), "list: a blob is not below itself");
        assertEquals(List.of(), names(store.list("b/x")), "list: an absent folder is empty");
        assertEquals(Set.of(), store.children("none/at/all"), "children: an absent folder has none");
    }

    @Test
    void childrenAreFoldersAndBlobsOneComponentEach() throws Exception {
        BlobStore store = store();
        for (String name : List.of("top", "f/one", "f/g/two", "f/g/three", "f/h/i/four")) {
            put(store, name, noise(1, 1));
        }
        assertEquals(Set.of("top", "f"), store.children(""), "children: for the empty folder");
        assertEquals(
                Set.of("one", "g", "h"), store.children("f"), "children: \"the folders and blobs directly below\"");
        assertEquals(Set.of("i"), store.children("f/h"), "children: \"a folder is listed while any blob lies in it\"");
    }

    @Test
    void anEmptyStoreListsNothing() throws Exception {
        BlobStore store = store();
        assertEquals(List.of(), store.list(""), "list: an empty store has no blobs, and shows nothing of its own");
        assertEquals(Set.of(), store.children(""), "children: an empty store has none, and shows nothing of its own");
    }

    @Test
    void everyAllowedNameIsKeptAsItIs() throws Exception {
        BlobStore store = store();
        List<String> names = new ArrayList<>(List.of(
                ".hidden",
                "..a",
                "a%2Fb",
                "-dash",
                "x.tmp",
                "a,b=c@d+e_f",
                "lock",
                "UPPER/lower",
                "deep/" + "d/".repeat(100) + "x"));
        names.add("c".repeat(BlobName.MAX_COMPONENT));
        names.add("q/" + "w".repeat(BlobName.MAX_COMPONENT));
        if (capabilities().longNames()) {
            names.add(("l".repeat(204) + "/").repeat(4) + "l".repeat(BlobName.MAX_LENGTH - 4 * 205));
        }
        if (capabilities().caseSensitive()) {
            names.addAll(List.of("Case/x", "case/x", "cASE/X"));
        }
        for (int i = 0; i < names.size(); i++) {
            put(store, names.get(i), noise(i, 10 + i));
        }
        for (int i = 0; i < names.size(); i++) {
            assertHolds(store, names.get(i), noise(i, 10 + i), "every valid BlobName is a name of its own");
        }
        assertEquals(names.stream().sorted().toList(), names(store.list("")), "list: shows names as they were put");
        for (String name : names) {
            assertTrue(store.delete(name(name)), () -> "delete: works for every valid name: " + name);
        }
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void listingIsCompleteWhileOthersWrite() throws Exception {
        BlobStore store = store();
        List<String> stable = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            stable.add("s/" + (i % 4) + "/" + i);
            put(store, stable.get(i), noise(i, 10));
        }
        AtomicBoolean done = new AtomicBoolean();
        InParallel.run(
                3, thread -> () -> thread == 0 ? listRepeatedly(store, stable, done) : churn(store, thread, done));
    }

    private static boolean listRepeatedly(BlobStore store, List<String> stable, AtomicBoolean done) {
        try {
            for (int round = 0; round < 30; round++) {
                List<BlobInfo> listed = store.list("s");
                List<String> names = names(listed);
                assertTrue(
                        names.containsAll(stable),
                        "list: \"a blob whose put returned before this call began, and that nobody deletes, is listed\"");
                assertEquals(names.stream().sorted().distinct().toList(), names, "list: in order, each name once");
                assertTrue(
                        listed.stream().allMatch(blob -> blob.size() == 10),
                        "putIfAbsent: \"a name is never seen with a part of its content\"");
                assertTrue(
                        store.children("s").containsAll(Set.of("0", "1", "2", "3")),
                        "children: \"complete as list is\"");
            }
            return true;
        } finally {
            done.set(true);
        }
    }

    private static boolean churn(BlobStore store, int thread, AtomicBoolean done) {
        for (int i = 0; !done.get(); i++) {
            BlobName name = name("s/" + (i % 4) + "/t" + thread + "-" + (i % 50));
            store.putIfAbsent(name, BlobContent.of(noise(i, 10)));
            if (i % 3 == 0) {
                store.delete(name);
            }
        }
        return true;
    }

    @Test
    void anotherStoreObjectSeesTheSameBlobs() throws Exception {
        BlobStore store = store();
        put(store, "kept/one", noise(1, 100));
        put(store, "kept/two", noise(2, 100));
        store.delete(name("kept/two"));
        Optional<BlobStore> second = second(store);
        assumeTrue(second.isPresent(), "the store cannot be opened twice");
        assertHolds(second.get(), "kept/one", noise(1, 100), "blobs belong to the place, not to the object");
        assertEquals(List.of("kept/one"), names(second.get().list("")), "blobs belong to the place, not to the object");
        put(second.get(), "kept/three", noise(3, 100));
        assertHolds(store, "kept/three", noise(3, 100), "it never \"caches\"");
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        BlobStore store = unwatchedStore();
        put(store, "kept", noise(1, 100));
        store.close();
        store.close();
    }

    @Test
    void aDescriptionIsShort() throws Exception {
        String description = store().describe();
        assertFalse(description.isBlank(), "describe: \"a short description for messages\"");
        assertTrue(description.length() < 1_000, "describe: \"a short description for messages\"");
    }

    private static List<String> names(List<BlobInfo> blobs) {
        return blobs.stream().map(blob -> blob.name().value()).toList();
    }
}
