package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryAttributes.Identity;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Entries to test with. */
final class Listed {

    private static final String ASTRAL = new String(Character.toChars(0x1F600));

    private Listed() {}

    static ChunkId chunk(long n) {
        return new ChunkId(n * 0x9E37_79B9_7F4A_7C15L, n, ~n, n << 32);
    }

    /** A file as on a usual disk. */
    static ListedEntry file(String path, int size, long seconds) {
        EntryAttributes attributes = new EntryAttributes(
                Optional.of(Instant.ofEpochSecond(seconds, 123_456_789)),
                OptionalInt.of(0644),
                Optional.of("cairn"),
                Optional.of("staff"),
                Optional.of(
                        new Identity(Instant.ofEpochSecond(seconds + 1, 5), "(dev=801,ino=" + path.hashCode() + ")")));
        List<Extent> extents = size == 0 ? List.of() : List.of(new Extent(chunk(path.hashCode()), 0, size));
        return new ListedEntry(EntryPath.of(path), EntryType.FILE, size, attributes, null, extents, null);
    }

    /** A link, to fill leaves with few entries. */
    static ListedEntry link(String path, int length) {
        return new ListedEntry(
                EntryPath.of(path), EntryType.SYMLINK, 0, EntryAttributes.NONE, "t".repeat(length), List.of(), null);
    }

    static ListedEntry folder(String path) {
        return new ListedEntry(EntryPath.of(path), EntryType.DIRECTORY, 0, EntryAttributes.NONE, null, List.of(), null);
    }

    /** Files in folders of a thousand, in path order. */
    static List<ListedEntry> files(int count) {
        List<ListedEntry> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(
                    file(String.format("data/%04d/report-%06d.txt", i / 1000, i), 1000 + i % 5000, 1_700_000_000L + i));
        }
        return files;
    }

    /** Some leaves and more than one level of nodes, from few entries: paths and targets are long. */
    static List<ListedEntry> deepTree(int entries) {
        List<ListedEntry> tree = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            tree.add(link("n".repeat(3000) + String.format("/%05d", i), 50_000));
        }
        return tree;
    }

    static Arbitrary<EntryPath> paths() {
        Arbitrary<String> component = Arbitraries.oneOf(
                        Arbitraries.strings()
                                .withChars("ab-.!/0")
                                .ofMinLength(1)
                                .ofMaxLength(6),
                        Arbitraries.of(
                                "\u00e4",
                                "\u00e4\u00f6",
                                "\u65e5\u672c",
                                "\uffee",
                                "\ue000",
                                ASTRAL,
                                "a" + ASTRAL,
                                "x".repeat(300)),
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(5))
                .map(Listed::component);
        return component.list().ofMaxSize(5).map(parts -> EntryPath.of(String.join("/", parts)));
    }

    /** Something like it that a component may be. */
    private static String component(String text) {
        StringBuilder allowed = new StringBuilder();
        text.codePoints()
                .filter(c -> c != '/' && c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                .forEach(allowed::appendCodePoint);
        String result = allowed.toString();
        return result.isEmpty() || result.equals(".") || result.equals("..") ? result + "x" : result;
    }

    static Arbitrary<List<ListedEntry>> trees() {
        return entries().list().ofMaxSize(60).map(Listed::sorted);
    }

    /** In path order, each path once. */
    static List<ListedEntry> sorted(Collection<ListedEntry> entries) {
        TreeMap<EntryPath, ListedEntry> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.path(), entry));
        return List.copyOf(sorted.values());
    }

    static Arbitrary<ListedEntry> entries() {
        return Combinators.combine(
                        paths(), Arbitraries.of(EntryType.values()), attributes(), extents(), texts(), pageSizes())
                .as((path, type, attributes, extents, target, pageSize) -> switch (type) {
                    case DIRECTORY -> new ListedEntry(path, type, 0, attributes, null, List.of(), null);
                    case SYMLINK, HARD_LINK -> new ListedEntry(path, type, 0, attributes, target, List.of(), null);
                    case FILE -> {
                        long size = Extent.total(extents);
                        Pages pages = pageSize == 0 ? null : new Pages(pageSize, run(Pages.hashBytes(size, pageSize)));
                        yield new ListedEntry(path, type, size, attributes, null, extents, pages);
                    }
                });
    }

    /** Extents of so many bytes. */
    static List<Extent> run(long bytes) {
        List<Extent> extents = new ArrayList<>();
        for (long left = bytes; left > 0; left -= ListingFormat.MAX_CHUNK) {
            extents.add(new Extent(chunk(left), 0, (int) Math.min(left, ListingFormat.MAX_CHUNK)));
        }
        return extents;
    }

    private static Arbitrary<Integer> pageSizes() {
        return Arbitraries.of(0, 0, 512, 4096, 65536);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.of("", "root", "../../etc", "\u00fcnic\u00f6de", ASTRAL, "a\u0000b", "long".repeat(100));
    }

    private static Arbitrary<List<Extent>> extents() {
        Arbitrary<Integer> offsets = Arbitraries.integers().between(0, ListingFormat.MAX_CHUNK - 1);
        return Combinators.combine(
                        Arbitraries.longs(), offsets, Arbitraries.integers().between(1, ListingFormat.MAX_CHUNK))
                .as((n, offset, length) ->
                        new Extent(chunk(n), offset, Math.min(length, ListingFormat.MAX_CHUNK - offset)))
                .list()
                .ofMaxSize(4);
    }

    private static Arbitrary<EntryAttributes> attributes() {
        return Combinators.combine(
                        instants().optional(),
                        Arbitraries.integers().between(0, 0777).optional(),
                        texts().optional(),
                        texts().optional(),
                        Combinators.combine(instants(), texts())
                                .as(Identity::new)
                                .optional())
                .as((modified, mode, owner, group, identity) -> new EntryAttributes(
                        modified, mode.map(OptionalInt::of).orElse(OptionalInt.empty()), owner, group, identity));
    }

    /** From the earliest to the latest, also before 1970. */
    private static Arbitrary<Instant> instants() {
        Arbitrary<Instant> any = Combinators.combine(
                        Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.integers().between(0, ListingFormat.MAX_NANOS))
                .as((second, nano) -> Instant.ofEpochSecond(second, nano));
        return Arbitraries.oneOf(
                any, Arbitraries.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.EPOCH.minusNanos(1)));
    }
}
