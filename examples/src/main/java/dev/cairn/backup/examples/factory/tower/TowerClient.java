package dev.cairn.backup.examples.factory.tower;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.factory.federation.ReceiptStore;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.spi.ReceiptSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The factory's line to the tower. It signs as the tower because it asks the tower to. Thread-safe. */
public final class TowerClient implements ReceiptSigner {

    private final JsonClient http;

    /** @param port where the tower listens */
    public TowerClient(int port) {
        this.http = new JsonClient(port);
    }

    /** Has a batch issued, for the factory's present epoch. */
    public String batch(String line, TimelineEpoch epoch, int bytes) throws IOException, InterruptedException {
        return answered(http.post("/batch", json(Map.of("line", line, "epoch", epoch.number(), "bytes", bytes))));
    }

    /** Has the tower keep a receipt with both signatures. */
    public void keep(SignedStatement receipt) throws IOException, InterruptedException {
        answered(http.post("/receipts", new String(receipt.encode(), StandardCharsets.UTF_8)));
    }

    /** The receipts that the tower keeps. */
    public List<SignedStatement> receipts() throws IOException, InterruptedException {
        List<SignedStatement> receipts = new ArrayList<>();
        for (JsonNode receipt : Json.read(answered(http.get("/receipts"))).path("receipts")) {
            receipts.add(ReceiptStore.decode(receipt.asText()));
        }
        return receipts;
    }

    /** Whether it answers. */
    public boolean answers() {
        try {
            return http.get("/healthz").status() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String keyId() {
        return "tower";
    }

    @Override
    public Receipt.Algorithm algorithm() {
        return Receipt.Algorithm.ED25519;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            String body = json(Map.of("message", Base64.getEncoder().encodeToString(message)));
            return Base64.getDecoder()
                    .decode(Json.read(answered(http.post("/countersign", body)))
                            .path("signature")
                            .asText());
        } catch (IOException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static KeyException unavailable(Exception cause) {
        return new KeyException(
                KeyException.Reason.UNAVAILABLE,
                "The tower does not countersign: " + cause.getMessage(),
                "Start it, and have what waits countersigned",
                cause);
    }

    private static String answered(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("the tower answers " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    private static String json(Map<String, ?> value) {
        return Json.MAPPER.valueToTree(value).toString();
    }
}
