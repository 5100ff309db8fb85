package dev.cairn.backup.core.hostile;

import static dev.cairn.backup.core.hostile.RawEntry.file;
import static dev.cairn.backup.core.hostile.RawEntry.folder;
import static dev.cairn.backup.core.hostile.RawEntry.hardLink;
import static dev.cairn.backup.core.hostile.RawEntry.symlink;
import static dev.cairn.backup.core.hostile.RawEntry.zeros;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a snapshot may say that must never be done, whichever repository says it. */
final class Attacks {

    private static final String WORD = "@@@";

    private Attacks() {}

    static List<Attack> all() {
        return Stream.of(paths(), links(), shapes(), sizes(), manifests(), numbers())
                .flatMap(List::stream)
                .toList();
    }

    /** Names that lead somewhere else; what another platform would take for somewhere else is {@link #elsewhere}. */
    private static List<Attack> paths() {
        return Stream.of(
                        "..",
                        "../planted",
                        "folder/../../planted",
                        "folder/..",
                        ".",
                        "folder/./planted",
                        "/planted",
                        "//server/share/planted",
                        "folder//planted",
                        "folder/",
                        "planted\u0000.txt",
                        ".cairn-r1/stage/planted",
                        ".cairn-trash-restore-1~files",
                        "x".repeat(300),
                        "x".repeat(5000),
                        "x/".repeat(2500) + "x",
                        "x/".repeat(600) + "x")
                .map(path -> tree("a file called " + shown(path), folder("folder"), file(path, "planted")))
                .toList();
    }

    private static List<Attack> links() {
        List<Attack> attacks = new ArrayList<>(List.of(
                tree("a file below a link out of the root", symlink("d", "../outside"), file("d/planted", "x")),
                tree("a folder below a link out of the root", symlink("d", "../outside"), folder("d/planted")),
                tree("a link below a link", symlink("d", "../outside"), symlink("d/planted", "x")),
                tree(
                        "a hard link below a link",
                        file("a", "x"),
                        symlink("d", "../outside"),
                        hardLink("d/planted", "a")),
                rootless("a link as the root", symlink("", "../outside"), file("planted", "x")),
                rootless("a link as all there is", symlink("", "../outside")),
                tree("a hard link through a link", symlink("d", "../outside"), hardLink("e", "d/canary")),
                tree("a hard link to a link", symlink("d", "../canary"), hardLink("e", "d")),
                tree("a hard link to a folder", folder("d"), hardLink("e", "d")),
                tree("a hard link to what comes later", hardLink("d", "e"), file("e", "x")),
                tree("a hard link to itself", hardLink("d", "d")),
                tree("a hard link to nothing", hardLink("e", "d")),
                tree("a link with a NUL", symlink("d", "a\u0000b")),
                tree("a link to nothing at all", symlink("d", "")),
                tree("a link longer than any path", symlink("d", "x".repeat(100_000)))));
        for (String target :
                List.of("../canary", "../outside/canary", "/etc/passwd", "a/../../canary", "", "a\u0000")) {
            attacks.add(tree("a hard link to " + shown(target), file("a", "x"), hardLink("e", target)));
        }
        return attacks;
    }

    private static List<Attack> shapes() {
        return List.of(
                tree("a path twice", file("a", "x"), file("a", "y")),
                tree("a folder twice", folder("a"), folder("a")),
                tree("a file and a folder of one name", file("a", "x"), folder("a")),
                tree("paths out of order", file("b", "x"), file("a", "y")),
                tree("a folder after what is in it", file("a/b", "x"), folder("a")),
                tree("a file below a file", file("a", "x"), file("a/b", "y")),
                tree("a file below nothing", file("a/b", "x")),
                tree("the root twice", folder("")),
                rootless("a file as the root of a tree", file("", "x"), file("a", "y")),
                tree("six hundred folders in each other", nested(600)));
    }

    private static List<Attack> sizes() {
        return List.of(
                tree("a file that no disk holds", zeros("a", 1L << 40)),
                tree(
                        "files that no disk holds together",
                        zeros("a", 1L << 39),
                        zeros("b", 1L << 39),
                        zeros("c", 1L << 39)),
                tree("a file that says more than it has", file("a", "x").saying(1000)),
                tree("a file that says less than it has", file("a", "xyz").saying(1)),
                tree("a file of a size below 0", file("a", "x").saying(-1)),
                tree("a file of the greatest size there is", file("a", "x").saying(Long.MAX_VALUE)),
                tree(
                        "files of more bytes than a number counts",
                        file("a", "x").saying(Long.MAX_VALUE),
                        file("b", "x").saying(Long.MAX_VALUE)),
                memory("a value larger than the heap", file("schema-version", "1"), zeros("state.json", 4L << 30)),
                memory(
                        "a form of the value larger than the heap",
                        zeros("schema-version", 4L << 30),
                        file("state.json", "{}")),
                memory("a stranger in the place of the value, larger than the heap", zeros("a", 4L << 30)),
                memory("a value that is a folder", folder("state.json")),
                memory("a value that is a link", symlink("state.json", "/etc/passwd")));
    }

    private static List<Attack> manifests() {
        return List.of(
                new Attack(
                        "JSON nested 100 000 deep",
                        forgery -> forgery.manifest(manifest -> manifest.put("label", WORD))
                                .text("\"" + WORD + "\"", "[".repeat(100_000) + "]".repeat(100_000))),
                new Attack(
                        "JSON nested deep in an unknown field",
                        forgery -> forgery.manifest(manifest -> manifest.put("unknown", WORD))
                                .text("\"" + WORD + "\"", "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000))),
                new Attack(
                        "a label of 100 MB",
                        forgery -> forgery.manifest(manifest -> manifest.put("label", WORD))
                                .text(WORD, "x".repeat(100 << 20))),
                new Attack(
                        "more warnings than fit into the heap",
                        forgery -> forgery.manifest(manifest ->
                                        manifest.putArray("warnings").add(WORD))
                                .text("\"" + WORD + "\"", "\"\"" + ",\"\"".repeat(12 << 20))),
                new Attack(
                        "counts of 28 MB",
                        forgery -> forgery.summary(
                                        summary -> summary.putObject("counts").put(WORD, 1))
                                .text("\"" + WORD + "\":1", counts(2_000_000))),
                new Attack(
                        "more empty datasets than fit into the heap",
                        forgery -> forgery.manifest(manifest ->
                                        manifest.withArray("datasets").add(WORD))
                                .text("\"" + WORD + "\"", "{}" + ",{}".repeat(6_000_000))),
                new Attack(
                        "a number of 10 000 digits",
                        forgery -> forgery.manifest(manifest -> manifest.put("totalBytes", WORD))
                                .text("\"" + WORD + "\"", "9".repeat(10_000))),
                new Attack(
                        "a number with an exponent",
                        forgery -> forgery.manifest(manifest -> manifest.put("totalBytes", WORD))
                                .text("\"" + WORD + "\"", "1e999999999")),
                new Attack(
                        "a second object behind the first",
                        forgery -> forgery.manifest(manifest -> manifest.put("label", WORD))
                                .text(WORD + "\"", "x\",\"id\":\"snap-1\"")),
                manifest("no datasets at all", manifest -> manifest.remove("datasets")),
                manifest("datasets that are no list", manifest -> manifest.put("datasets", 1)),
                manifest("a dataset twice", manifest -> {
                    ArrayNode datasets = manifest.withArray("datasets");
                    datasets.add(datasets.get(0).deepCopy());
                }),
                named("../files"),
                named("files/../../outside"),
                named("/files"),
                named("C:files"),
                named("fi\\les"),
                named("fi\u0000les"),
                named("CON"),
                named(""),
                named("x".repeat(100_000)));
    }

    private static List<Attack> numbers() {
        return List.of(
                manifest("a number below 0", manifest -> manifest.put("sequence", -1)),
                manifest("the greatest number there is", manifest -> manifest.put("sequence", Long.MAX_VALUE)),
                manifest(
                        "a number beyond 64 bits",
                        manifest -> manifest.put("sequence", new java.math.BigInteger("9223372036854775808"))),
                manifest("a time that is none", manifest -> manifest.put("createdAt", "yesterday")),
                manifest(
                        "the first time there is",
                        manifest -> manifest.put("createdAt", "-1000000000-01-01T00:00:00Z")),
                manifest(
                        "the last time there is",
                        manifest -> manifest.put("createdAt", "+1000000000-12-31T23:59:59.999999999Z")),
                manifest("bytes below 0", manifest -> manifest.put("totalBytes", -1)),
                manifest("a barrier below 0", manifest -> manifest.put("barrierHeldNanos", -1)),
                manifest("a safety snapshot of a path", manifest -> manifest.put("safetyFor", "../x")),
                manifest("an unknown trigger", manifest -> manifest.put("trigger", "EVIL")),
                summary("entries below 0", summary -> summary.put("entries", -1)),
                summary("bytes of a dataset below 0", summary -> summary.put("bytes", -1)),
                summary("bytes beyond what is counted", summary -> summary.put("bytes", Long.MAX_VALUE)),
                summary("fewer entries than are there", summary -> summary.put("entries", 0)),
                summary("more entries than are there", summary -> summary.put("entries", Long.MAX_VALUE)),
                summary(
                        "counts that are no numbers",
                        summary -> summary.putObject("counts").put("a", "b")));
    }

    /** What stands for another path on another platform is a name like any other here, and has to be no more than that. */
    static List<List<RawEntry>> elsewhere() {
        return Stream.of(
                        List.of("C:"),
                        List.of("C:\\planted"),
                        List.of("C:planted"),
                        List.of("..\\planted"),
                        List.of("\\\\server\\share\\planted"),
                        List.of("file:stream"),
                        List.of("CON", "NUL", "COM1", "aux.txt"),
                        List.of("trailing.", "trailing "),
                        List.of("...", "....", " "),
                        List.of("A", "a"),
                        List.of("\u00e9", "e\u0301"),
                        List.of("\u017f", "s"),
                        List.of("~", "~root", "$HOME", "`id`", "%2e%2e", "-rf", "*"),
                        List.of("\u202e\u2066planted", "\n", "\u001b[2J"))
                .map(names -> names.stream()
                        .sorted((a, b) ->
                                dev.cairn.backup.spi.EntryPath.of(a).compareTo(dev.cairn.backup.spi.EntryPath.of(b)))
                        .map(name -> file(name, "named " + name))
                        .toList())
                .toList();
    }

    private static Attack tree(String name, RawEntry... entries) {
        return new Attack(name, forgery -> forgery.tree(entries));
    }

    private static Attack rootless(String name, RawEntry... entries) {
        return new Attack(name, forgery -> forgery.listing("files", entries));
    }

    private static Attack memory(String name, RawEntry... entries) {
        return new Attack(name, forgery -> forgery.listing("memory", entries));
    }

    private static Attack manifest(String name, Consumer<ObjectNode> change) {
        return new Attack(name, forgery -> forgery.manifest(change));
    }

    private static Attack summary(String name, Consumer<ObjectNode> change) {
        return new Attack(name, forgery -> forgery.summary(change));
    }

    /** A dataset of another name, which no host has, or one that must not be taken for a path. */
    private static Attack named(String name) {
        return summary("a dataset called " + shown(name), summary -> summary.put("name", name));
    }

    private static RawEntry[] nested(int depth) {
        RawEntry[] folders = new RawEntry[depth];
        for (int i = 0; i < depth; i++) {
            folders[i] = folder("x/".repeat(i) + "x");
        }
        return folders;
    }

    private static String counts(int many) {
        StringBuilder text = new StringBuilder(14 * many);
        for (int i = 0; i < many; i++) {
            text.append(i == 0 ? "\"" : ",\"").append(Integer.toHexString(i)).append("\":1");
        }
        return text.toString();
    }

    static String shown(String text) {
        String plain = text.replace("\u0000", "<NUL>");
        return plain.length() <= 40 ? "'" + plain + "'" : "'" + plain.substring(0, 12) + "…' of " + text.length();
    }
}
