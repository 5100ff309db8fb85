package dev.cairn.backup.examples.factory.resilience;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.federation.Proofs;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.spi.ReceiptSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The signed proofs of recoveries, a file each, numbered; kept for ever and outside of what restores take back. Thread-safe. */
public final class RecoveryProofs {

    private final Path folder;
    private final ReceiptSigner factory;
    private final ReceiptSigner tower;

    /** Proofs in a folder, signed by the factory and, if it answers, by the tower. */
    public RecoveryProofs(Path folder, ReceiptSigner factory, ReceiptSigner tower) {
        this.folder = folder;
        this.factory = factory;
        this.tower = tower;
    }

    /** Signs and stores one. Durable when this returns; after a failure there is none. A tower that does not answer costs the second signature, which who verifies it sees. */
    public synchronized SignedStatement emit(String name, Map<String, Object> said) throws IOException {
        SignedStatement signed =
                SignedStatement.of(Json.MAPPER.valueToTree(said).toString()).signedBy(factory);
        try {
            signed = signed.signedBy(tower);
        } catch (KeyException e) {
            // Told in the comment above.
        }
        List<Path> files = files();
        long last = files.isEmpty() ? 0 : number(files.get(files.size() - 1));
        Proofs.publish(
                folder.resolve(String.format(Locale.ROOT, "%06d-%s.json", last + 1, name)),
                new String(signed.encode(), StandardCharsets.UTF_8));
        return signed;
    }

    /** All of them, oldest first. */
    public synchronized List<SignedStatement> all() throws IOException {
        List<SignedStatement> all = new ArrayList<>();
        for (Path file : files()) {
            all.add(SignedStatement.decode(file.getFileName().toString(), Files.readAllBytes(file)));
        }
        return all;
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{6}-.*[.]json"))
                    .sorted()
                    .toList();
        }
    }
}
