package dev.cairn.backup.examples.factory.govern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The registry of keys, {@code config/keys.json}: ids, public keys, and where the secret is found. Never a secret. Read at each use, so that a restore of it counts at once. Thread-safe. */
public final class KeyRegistry {

    private final Path file;
    private final Set<String> good = new HashSet<>();
    private String known = "";

    /** @param config the folder of the configuration */
    public KeyRegistry(Path config) {
        this.file = config.resolve("keys.json");
    }

    /** The keys whose signatures count. */
    public ReceiptKeys keys() throws IOException {
        return keys(Files.readString(file));
    }

    private static ReceiptKeys keys(String registry) {
        ReceiptKeys keys = ReceiptKeys.none();
        for (Map.Entry<String, JsonNode> key : Json.read(registry).path("keys").properties()) {
            keys = keys.ed25519(key.getKey(), key.getValue().path("publicKey").asText());
        }
        return keys;
    }

    /** Whether factory and tower have both signed, and nobody has altered it since. What was found good with the same keys is not verified again: the digest covers statement and signatures. */
    public synchronized boolean countersigned(SignedStatement statement) throws IOException {
        String registry = Files.readString(file);
        if (!registry.equals(known)) {
            known = registry;
            good.clear();
        }
        if (good.contains(statement.digest())) {
            return true;
        }
        boolean both = keys(registry).verify(statement).signedBy("factory", "tower");
        if (both) {
            good.add(statement.digest());
        }
        return both;
    }
}
