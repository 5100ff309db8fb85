package dev.cairn.backup.examples.magds;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Hashes what lies at a source now, and compares it with a manifest. */
final class LiveHash {

    private LiveHash() {}

    /** What differs, one line each; empty if the source is what the manifest says. */
    static List<String> differences(Source source, BackupManifest.Entry manifest) {
        Map<String, String> live = live(source, manifest.algorithm());
        List<String> differences = new ArrayList<>();
        manifest.files().forEach((path, checksum) -> {
            String found = live.remove(path);
            if (found == null) {
                differences.add(source.name() + ": " + path + " is missing at " + source.source());
            } else if (!found.equals(checksum)) {
                differences.add(source.name() + ": " + path + " is " + found + " at " + source.source()
                        + ", the manifest says " + checksum);
            }
        });
        live.keySet().forEach(path -> differences.add(source.name() + ": " + path + " is not in the manifest"));
        return differences;
    }

    private static Map<String, String> live(Source source, String algorithm) {
        Map<String, String> hashes = new TreeMap<>();
        Path root = source.source();
        try {
            if (source.type() != Source.Type.DIRECTORY) {
                if (Files.exists(root)) {
                    hashes.put(String.valueOf(root.getFileName()), of(algorithm, root));
                }
                return hashes;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    if (!path.startsWith(".cairn-")) {
                        hashes.put(path, of(algorithm, file));
                    }
                }
            }
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(root + " cannot be read", e);
        }
    }

    /** Of a file, in lower-case hexadecimal. */
    static String of(String algorithm, Path file) throws IOException {
        MessageDigest digest = digest(algorithm);
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of bytes. */
    static String of(String algorithm, byte[] bytes) {
        return HexFormat.of().formatHex(digest(algorithm).digest(bytes));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the configuration was checked with it", e);
        }
    }
}
