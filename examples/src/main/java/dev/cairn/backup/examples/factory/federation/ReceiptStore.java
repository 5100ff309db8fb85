package dev.cairn.backup.examples.factory.federation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.UsedToken;
import dev.cairn.backup.examples.http.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The receipts of accepted batches, and an index from proofs to receipts. Thread-safe. */
public final class ReceiptStore implements AutoCloseable {

    /** What a statement that is a receipt of a batch calls itself. */
    public static final String KIND = "federation_receipt";

    private final Database database;

    /** The receipts in a file. */
    public ReceiptStore(Path file) {
        this.database = new Database(
                file,
                "CREATE TABLE IF NOT EXISTS receipts(batch TEXT PRIMARY KEY, number INTEGER NOT NULL, receipt TEXT NOT NULL)",
                "CREATE TABLE IF NOT EXISTS receipt_index(proof TEXT PRIMARY KEY, batch TEXT NOT NULL)");
    }

    /** Opens it; made if it is not there. */
    public void open() {
        database.open();
    }

    @Override
    public void close() {
        database.close();
    }

    /** The statement of a receipt: what it says is what a nonce store can be rebuilt from. */
    static SignedStatement statement(Ledger.Entry entry) {
        return SignedStatement.of(Json.MAPPER
                .valueToTree(Map.of(
                        "kind",
                        KIND,
                        "batch",
                        entry.batch(),
                        "number",
                        entry.number(),
                        "nonce",
                        entry.nonce(),
                        "issuedAt",
                        entry.issuedAt(),
                        "proof",
                        entry.proof(),
                        "digest",
                        entry.digest(),
                        "ledger",
                        entry.hash()))
                .toString());
    }

    /** Stores a receipt, or the same one with more signatures. */
    public void put(SignedStatement receipt) throws SQLException {
        JsonNode said = Json.read(receipt.statement());
        database.change(
                "INSERT OR REPLACE INTO receipts VALUES(?, ?, ?)",
                said.path("batch").asText(),
                said.path("number").asLong(),
                new String(receipt.encode(), StandardCharsets.UTF_8));
        database.change(
                "INSERT OR REPLACE INTO receipt_index VALUES(?, ?)",
                said.path("proof").asText(),
                said.path("batch").asText());
    }

    /** All receipts, in the order of the ledger. */
    public List<SignedStatement> all() throws SQLException {
        return database.query(row -> decode(row.getString(1)), "SELECT receipt FROM receipts ORDER BY number, batch");
    }

    /** The receipt of a batch. */
    public Optional<SignedStatement> find(String batch) throws SQLException {
        return database
                .query(row -> decode(row.getString(1)), "SELECT receipt FROM receipts WHERE batch = ?", batch)
                .stream()
                .findFirst();
    }

    /** A receipt from its text. */
    public static SignedStatement decode(String receipt) {
        return SignedStatement.decode("a receipt", receipt.getBytes(StandardCharsets.UTF_8));
    }

    /** The nonce that a receipt tells of. */
    public static UsedToken nonce(SignedStatement receipt) {
        JsonNode said = Json.read(receipt.statement());
        return new UsedToken(
                said.path("nonce").asText(), Instant.parse(said.path("issuedAt").asText()));
    }

    /** From each proof to the batch whose receipt is about it. */
    public Map<String, String> index() throws SQLException {
        Map<String, String> index = new TreeMap<>();
        database.query(row -> index.put(row.getString(1), row.getString(2)), "SELECT proof, batch FROM receipt_index");
        return index;
    }

    /**
     * Makes the index anew of the proofs that are there: one stands in it if a receipt has its very digest.
     *
     * @param proofs digests by path
     * @return how many proofs have no receipt
     */
    public long rebuildIndex(Map<String, String> proofs) throws SQLException {
        Map<String, String> batches = new TreeMap<>();
        for (SignedStatement receipt : all()) {
            JsonNode said = Json.read(receipt.statement());
            if (said.path("digest")
                    .asText()
                    .equals(proofs.get(said.path("proof").asText()))) {
                batches.put(said.path("proof").asText(), said.path("batch").asText());
            }
        }
        replaceIndex(batches.entrySet());
        return proofs.size() - (long) batches.size();
    }

    private void replaceIndex(Collection<Map.Entry<String, String>> rows) throws SQLException {
        database.transaction(() -> {
            database.change("DELETE FROM receipt_index");
            for (Map.Entry<String, String> row : rows) {
                database.change("INSERT INTO receipt_index VALUES(?, ?)", row.getKey(), row.getValue());
            }
        });
    }
}
