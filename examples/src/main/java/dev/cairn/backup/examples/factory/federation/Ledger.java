package dev.cairn.backup.examples.factory.federation;

import dev.cairn.backup.core.proof.JsonDigests;
import dev.cairn.backup.examples.http.Json;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The federation ledger: one entry a batch, each with the hash of the one before. Thread-safe. */
public final class Ledger implements AutoCloseable {

    private static final String START = "0".repeat(64);

    private final Database database;

    /**
     * An entry.
     *
     * @param number from 1, without gaps
     * @param batch the batch
     * @param nonce its nonce
     * @param issuedAt the batch's stamp
     * @param proof where its proof lies, below the folder of proofs
     * @param digest of the proof's canonical JSON
     * @param previous hash of the entry before
     * @param hash of this entry
     */
    public record Entry(
            long number,
            String batch,
            String nonce,
            String issuedAt,
            String proof,
            String digest,
            String previous,
            String hash) {

        private String computed() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("number", number);
            body.put("batch", batch);
            body.put("nonce", nonce);
            body.put("issuedAt", issuedAt);
            body.put("proof", proof);
            body.put("digest", digest);
            body.put("previous", previous);
            return JsonDigests.digest(Json.MAPPER.valueToTree(body).toString());
        }

        Entry hashed() {
            return new Entry(number, batch, nonce, issuedAt, proof, digest, previous, computed());
        }
    }

    /** The ledger in a file. */
    public Ledger(Path file) {
        this.database = new Database(
                file,
                "CREATE TABLE IF NOT EXISTS ledger(number INTEGER PRIMARY KEY, batch TEXT NOT NULL UNIQUE, nonce TEXT NOT NULL UNIQUE, issued_at TEXT NOT NULL,"
                        + " proof TEXT NOT NULL, digest TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)");
    }

    /** Opens it; made if it is not there. */
    public void open() {
        database.open();
    }

    @Override
    public void close() {
        database.close();
    }

    /** Appends an entry for a batch. Durable when this returns. */
    Entry append(Batch batch, String proof, String digest) throws SQLException {
        Optional<Entry> head = head();
        Entry entry = new Entry(
                        head.map(Entry::number).orElse(0L) + 1,
                        batch.id(),
                        batch.nonce(),
                        batch.issuedAt().toString(),
                        proof,
                        digest,
                        head.map(Entry::hash).orElse(START),
                        "")
                .hashed();
        database.change(
                "INSERT INTO ledger VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                entry.number(),
                entry.batch(),
                entry.nonce(),
                entry.issuedAt(),
                entry.proof(),
                entry.digest(),
                entry.previous(),
                entry.hash());
        return entry;
    }

    /** The newest entry. */
    public Optional<Entry> head() throws SQLException {
        return database.query(Ledger::entry, "SELECT * FROM ledger ORDER BY number DESC LIMIT 1").stream()
                .findFirst();
    }

    /** Whether a batch is in it. */
    boolean knows(String batch) throws SQLException {
        return !database.query(Ledger::entry, "SELECT * FROM ledger WHERE batch = ?", batch)
                .isEmpty();
    }

    /** All entries, oldest first. */
    public List<Entry> entries() throws SQLException {
        return database.query(Ledger::entry, "SELECT * FROM ledger ORDER BY number");
    }

    /** What {@code PRAGMA integrity_check} says; {@code ok} if all is well. */
    public String integrity() throws SQLException {
        return database.integrity();
    }

    /** What is wrong with the file or the chain of hashes; empty if nothing is. */
    public Optional<String> problem() {
        try {
            String integrity = integrity();
            if (!integrity.equals("ok")) {
                return Optional.of("integrity_check says " + integrity);
            }
            String previous = START;
            long number = 0;
            for (Entry entry : entries()) {
                if (entry.number() != ++number
                        || !entry.previous().equals(previous)
                        || !entry.hash().equals(entry.computed())) {
                    return Optional.of("the chain of the ledger is broken at entry " + number);
                }
                previous = entry.hash();
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of("the ledger cannot be read: " + e.getMessage());
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }
}
