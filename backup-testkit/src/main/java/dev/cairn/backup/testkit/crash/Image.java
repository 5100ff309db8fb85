package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** One state of the disk: names, contents, attributes. */
final class Image {

    private final Map<Integer, Node> nodes;
    private final Map<Integer, Map<String, Integer>> names;
    private final Set<Integer> inodes = new LinkedHashSet<>();
    private final Map<Integer, Content> contents = new HashMap<>();
    private final Map<Integer, Map<String, Object>> attributes = new HashMap<>();

    Image(Map<Integer, Node> nodes, Map<Integer, Map<String, Integer>> names) {
        this.nodes = nodes;
        this.names = names;
        collect(OperationLog.ROOT);
    }

    private void collect(int inode) {
        if (inodes.add(inode)) {
            names(inode).values().forEach(this::collect);
        }
    }

    /** The inodes that a name leads to. */
    Set<Integer> inodes() {
        return inodes;
    }

    void describe(int inode, Content content, Map<String, Object> itsAttributes) {
        contents.put(inode, content);
        attributes.put(inode, itsAttributes);
    }

    /** Equal for states that no program could tell apart by names, links, contents and attributes. */
    String fingerprint() {
        MessageDigest digest = Content.sha256();
        fingerprint(OperationLog.ROOT, "", digest, new HashMap<>());
        return HexFormat.of().formatHex(digest.digest());
    }

    private void fingerprint(int inode, String path, MessageDigest digest, Map<Integer, Integer> numbers) {
        Integer seen = numbers.putIfAbsent(inode, numbers.size());
        Node node = node(inode);
        text(digest, path + "\0" + node.kind() + "\0" + (seen == null ? "new" : seen) + "\0" + node.target());
        text(digest, canonical(attributes(inode)));
        if (node.kind() == Node.Kind.FILE) {
            digest.update(content(inode).digest());
        }
        names(inode).forEach((name, child) -> fingerprint(child, path + "/" + name, digest, numbers));
    }

    /** Sets have no order of their own. */
    private static String canonical(Map<String, Object> attributes) {
        return new TreeMap<>(attributes)
                .entrySet().stream()
                        .map(one -> one.getKey() + "="
                                + (one.getValue() instanceof Set<?> set
                                        ? set.stream()
                                                .map(String::valueOf)
                                                .sorted()
                                                .toList()
                                        : one.getValue()))
                        .toList()
                        .toString();
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
    }

    /** Makes the state in an empty folder. */
    void write(Path folder) throws IOException {
        Map<Integer, Path> made = new HashMap<>();
        fill(OperationLog.ROOT, folder, made);
        List<Integer> order = new ArrayList<>(made.keySet());
        // Children before their folders: what is made in a folder changes its time, and may be forbidden by its
        // permissions.
        order.sort((a, b) -> path(made, b).getNameCount() - path(made, a).getNameCount());
        for (int inode : order) {
            for (Map.Entry<String, Object> attribute : attributes(inode).entrySet()) {
                Files.setAttribute(
                        path(made, inode), attribute.getKey(), attribute.getValue(), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private void fill(int directory, Path folder, Map<Integer, Path> made) throws IOException {
        made.put(directory, folder);
        for (Map.Entry<String, Integer> entry : names(directory).entrySet()) {
            Path path = folder.resolve(entry.getKey());
            int inode = entry.getValue();
            Path first = made.get(inode);
            switch (node(inode).kind()) {
                case DIRECTORY -> fill(inode, Files.createDirectory(path), made);
                case SYMLINK ->
                    Files.createSymbolicLink(path, Path.of(node(inode).target()));
                case FILE -> {
                    if (first != null) {
                        Files.createLink(path, first);
                    } else {
                        Files.write(path, content(inode).bytes());
                        made.put(inode, path);
                    }
                }
            }
        }
    }

    private static Path path(Map<Integer, Path> made, int inode) {
        return Objects.requireNonNull(made.get(inode));
    }

    private Node node(int inode) {
        return Objects.requireNonNull(nodes.get(inode));
    }

    private Content content(int inode) {
        return Objects.requireNonNull(contents.get(inode));
    }

    private Map<String, Object> attributes(int inode) {
        return attributes.getOrDefault(inode, Map.of());
    }

    private Map<String, Integer> names(int directory) {
        return names.getOrDefault(directory, Map.of());
    }
}
