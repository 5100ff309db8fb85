package dev.cairn.backup.examples.factory.federation;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.proof.JsonDigests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The tree of proofs: JSON files in folders by line and day, put there by renames and never written again. */
public final class Proofs {

    private final Path root;

    /** The proofs below a folder. */
    public Proofs(Path root) {
        this.root = root;
    }

    /** Puts a file where it was not. Durable when this returns. */
    public static void publish(Path file, String text) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
        Files.createDirectories(folder);
        Path fresh = folder.resolve("." + file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        force(folder);
    }

    /** Makes the names in a folder durable. */
    public static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Puts a proof; answers its digest. */
    String put(String path, String json) throws IOException {
        publish(root.resolve(path), json);
        return JsonDigests.digest(json);
    }

    /** The texts of all proofs in all folders, by path. */
    public SortedMap<String, String> texts() throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    if (path.endsWith(".json") && !isHidden(path)) {
                        texts.put(path, Files.readString(file));
                    }
                }
            }
        }
        return texts;
    }

    /** Files under way, and what restores have put aside. */
    private static boolean isHidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }

    /**
     * The digest of each proof, by path; one that is no JSON any more has none that any receipt knows.
     */
    public SortedMap<String, String> digests() throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        for (Map.Entry<String, String> proof : texts().entrySet()) {
            digests.put(proof.getKey(), digest(proof.getValue()));
        }
        return digests;
    }

    private static String digest(String text) {
        try {
            return JsonDigests.digest(text);
        } catch (InvalidValueException e) {
            return "unreadable";
        }
    }

    /**
     * The Merkle root over all proofs in the order of their paths.
     *
     * @throws InvalidValueException if one is no JSON
     */
    public String root() throws IOException {
        return JsonDigests.merkleRoot(new ArrayList<>(texts().values()));
    }

    /** Entries of the ledger whose proof is not there or has another digest, one sentence each. */
    public List<String> breaks(List<Ledger.Entry> entries) throws IOException {
        Map<String, String> digests = digests();
        List<String> breaks = new ArrayList<>();
        for (Ledger.Entry entry : entries) {
            String found = digests.get(entry.proof());
            if (found == null) {
                breaks.add(entry.proof() + " is missing");
            } else if (!found.equals(entry.digest())) {
                breaks.add(entry.proof() + " was altered");
            }
        }
        return breaks;
    }
}
