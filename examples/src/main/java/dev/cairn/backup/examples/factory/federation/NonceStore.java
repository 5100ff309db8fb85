package dev.cairn.backup.examples.factory.federation;

import dev.cairn.backup.core.lasting.UsedTokens;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.cursor.TokenLimits;
import dev.cairn.backup.cursor.TokenUse;
import dev.cairn.backup.cursor.UsedToken;
import dev.cairn.backup.spi.BlobStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/**
 * Which nonces were used. What decides is the engine's fence, whose tokens lie in the state store, so that no restore takes a use back, and which lets nothing in that was issued before a
 * restore. The table in {@code data/nonces.db} is what operators and the ledger are compared with; it is restored, and rebuilt after a restore. Thread-safe.
 */
public final class NonceStore implements AutoCloseable {

    /** Longer than any batch is under way; clocks differ by seconds at most. */
    private static final TokenLimits LIMITS = new TokenLimits(Duration.ofDays(7), Duration.ofSeconds(5), 1_000_000);

    private final Database database;
    private final UsedTokens fence;
    private TimelineEpoch epoch;

    /**
     * @param state the engine's state store
     * @param epoch the present epoch; if it is newer than the one in which nonces were used last, a restore came in between
     */
    public NonceStore(Path file, BlobStore state, TimelineEpoch epoch) {
        this.database = new Database(
                file, "CREATE TABLE IF NOT EXISTS nonces(nonce TEXT PRIMARY KEY, issued_at TEXT NOT NULL)");
        this.epoch = epoch;
        this.fence = UsedTokens.open(state, "federation", LIMITS, epoch, InstantSource.system());
    }

    /** Opens the table; made if it is not there. */
    public void open() {
        database.open();
    }

    @Override
    public void close() {
        database.close();
    }

    /** Looks and stores in one step: of all that bring a nonce, one is accepted. Durable when this returns. */
    public TokenUse use(String nonce, TimelineEpoch issuedIn, Instant issuedAt) throws SQLException {
        TokenUse use = fence.use(issuedIn, nonce, issuedAt);
        if (use == TokenUse.ACCEPTED) {
            database.change("INSERT OR IGNORE INTO nonces VALUES(?, ?)", nonce, issuedAt.toString());
        }
        return use;
    }

    /** After a restore: nothing that was issued in an older epoch is let in any more. */
    public synchronized void fence(TimelineEpoch next) {
        if (next.compareTo(epoch) > 0) { // Else the restore was offline, and opening the fence has seen to it.
            fence.restored(next);
            epoch = next;
        }
    }

    /** Makes the table anew of what ledger and receipts know. */
    public void rebuild(Collection<UsedToken> known) throws SQLException {
        database.transaction(() -> {
            database.change("DELETE FROM nonces");
            for (UsedToken token : known) {
                database.change(
                        "INSERT OR IGNORE INTO nonces VALUES(?, ?)",
                        token.token(),
                        token.issuedAt().toString());
            }
        });
    }

    /** The nonces in the table. */
    public List<String> nonces() throws SQLException {
        return database.query(row -> row.getString(1), "SELECT nonce FROM nonces ORDER BY nonce");
    }
}
