package dev.cairn.backup.examples.factory.tower;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.Secrets;
import dev.cairn.backup.examples.factory.federation.Batch;
import dev.cairn.backup.examples.factory.federation.Proofs;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tower, in a process of its own with a key of its own: it issues batches, countersigns what the factory has signed, and keeps the receipts that bear both signatures. Prints {@code READY <port>}, and ends when its input ends.
 */
public final class Tower {

    /** The variable with the factory's public key as PEM, and the one with its own. */
    public static final String FACTORY_PUBLIC_KEY = "FACTORY_PUBLIC_KEY";

    /** The variable with its own public key as PEM. */
    public static final String TOWER_PUBLIC_KEY = "TOWER_PUBLIC_KEY";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final FirstSignature first;
    private final ReceiptKeys both;

    private Tower(Path folder, String factoryKey, String towerKey) {
        this.folder = folder;
        this.first = new FirstSignature(factoryKey);
        this.both = ReceiptKeys.none().ed25519("factory", factoryKey).ed25519("tower", towerKey);
    }

    /** @param args the tower's folder and, if it matters, the port */
    public static void main(String[] args) throws IOException {
        Tower tower = new Tower(
                Files.createDirectories(Path.of(args[0]).resolve("receipts")),
                required(FACTORY_PUBLIC_KEY),
                required(TOWER_PUBLIC_KEY));
        try (JsonServer server = JsonServer.start(args.length > 1 ? Integer.parseInt(args[1]) : 0)) {
            server.route("GET", "/healthz", call -> Answer.ok(Map.of("status", "healthy")))
                    .route("POST", "/batch", tower::batch)
                    .route("POST", "/countersign", tower::countersign)
                    .route("POST", "/receipts", tower::keep)
                    .route("GET", "/receipts", tower::receipts);
            System.out.println("READY " + server.port());
            ChildJvm.awaitParentsEnd();
        }
    }

    private static String required(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(variable + " is not set");
        }
        return value;
    }

    private Answer batch(Call call) {
        JsonNode wish = call.json();
        byte[] nonce = new byte[16];
        byte[] measured = new byte[wish.path("bytes").asInt(64)];
        RANDOM.nextBytes(nonce);
        RANDOM.nextBytes(measured);
        String name = HexFormat.of().formatHex(nonce);
        Map<String, Object> batch = new TreeMap<>();
        batch.put("kind", Batch.KIND);
        batch.put("batch", "b-" + name.substring(0, 12));
        batch.put("line", wish.path("line").asText("line-1"));
        batch.put("nonce", name);
        batch.put("epoch", wish.path("epoch").asLong(1));
        batch.put("issuedAt", Instant.now().toString());
        batch.put(
                "content",
                Map.of(
                        "press",
                        Map.of(
                                "cycle",
                                Map.of("force", 412, "measured", HexFormat.of().formatHex(measured)))));
        return new Answer(
                200,
                file(SignedStatement.of(Json.MAPPER.valueToTree(batch).toString())
                        .signedBy(Secrets.tower())));
    }

    /** Signs what bears the factory's signature, and nothing else. */
    private Answer countersign(Call call) {
        byte[] message = Base64.getDecoder().decode(call.json().path("message").asText());
        if (!first.isGood(message)) {
            return Answer.of(422, Map.of("error", "not_signed_by_the_factory"));
        }
        return Answer.ok(Map.of(
                "signature", Base64.getEncoder().encodeToString(Secrets.tower().sign(message))));
    }

    /** Keeps a receipt that bears both signatures, so that a factory that has lost its own can have it again. */
    private Answer keep(Call call) throws IOException {
        SignedStatement receipt =
                SignedStatement.decode("the receipt", call.body().getBytes(StandardCharsets.UTF_8));
        if (!both.verify(receipt).signedBy("factory", "tower")) {
            return Answer.of(422, Map.of("error", "not_signed_by_both"));
        }
        Proofs.publish(folder.resolve(receipt.digest() + ".json"), file(receipt));
        return Answer.ok(Map.of("kept", receipt.digest()));
    }

    private Answer receipts(Call call) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> texts = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Tower::text)
                    .toList();
            return Answer.ok(Map.of("receipts", texts));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(SignedStatement statement) {
        return new String(statement.encode(), StandardCharsets.UTF_8);
    }
}
