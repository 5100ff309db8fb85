package dev.cairn.backup.examples.factory.federation;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.cursor.TokenUse;
import dev.cairn.backup.cursor.UsedToken;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.factory.tower.TowerClient;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The federation sync: takes batches in while it runs. A batch becomes an entry of the ledger, a proof and a receipt, all inside the factory's lock, which a snapshot holds as its barrier; the tower is
 * asked for its countersignature outside of it. Thread-safe.
 */
public final class FederationSync {

    private final FederationData data;
    private final TowerClient tower;
    private final KeyRegistry keys;
    private final ReentrantLock lock;
    private volatile boolean running;

    /**
     * @param lock the factory's lock
     */
    public FederationSync(FederationData data, TowerClient tower, KeyRegistry keys, ReentrantLock lock) {
        this.data = data;
        this.tower = tower;
        this.keys = keys;
        this.lock = lock;
    }

    /**
     * What became of a batch.
     *
     * @param accepted whether it is in the ledger
     * @param reason why not: {@code SYNC_STOPPED}, {@code NOT_FROM_THE_TOWER}, {@code BATCH_KNOWN} or one of {@link TokenUse}
     * @param batch its id
     * @param entry its number in the ledger, 0 if it has none
     * @param countersigned whether its receipt bears both signatures
     */
    public record Outcome(boolean accepted, String reason, String batch, long entry, boolean countersigned) {}

    /** Starts it. */
    public void start() {
        running = true;
    }

    /** Stops it; returns when no batch is under way any more. */
    public void stop() {
        running = false;
        lock.lock();
        lock.unlock();
    }

    /** Whether it runs. */
    public boolean running() {
        return running;
    }

    /** Has the tower issue a batch and takes it in. */
    public Outcome pull(String line, TimelineEpoch epoch, int bytes)
            throws IOException, SQLException, InterruptedException {
        return accept(tower.batch(line, epoch, bytes));
    }

    /** Takes a batch in, once. */
    public Outcome accept(String file) throws IOException, SQLException, InterruptedException {
        Batch batch = Batch.of(file);
        if (!keys.keys().verify(batch.signed()).signedBy("tower")) {
            return refused(batch, "NOT_FROM_THE_TOWER");
        }
        SignedStatement receipt;
        Ledger.Entry entry;
        lock.lock();
        try {
            if (!running) {
                return refused(batch, "SYNC_STOPPED");
            }
            TokenUse use = data.nonces().use(batch.nonce(), batch.epoch(), batch.issuedAt());
            if (use == TokenUse.ACCEPTED && data.ledger().knows(batch.id())) {
                return refused(batch, "BATCH_KNOWN"); // Under another nonce: its proof must not be written anew.
            }
            if (use != TokenUse.ACCEPTED) {
                return refused(batch, use.name());
            }
            entry = written(batch);
            receipt = ReceiptStore.statement(entry).signedBy(data.signer());
            data.receipts().put(receipt);
        } finally {
            lock.unlock();
        }
        return new Outcome(true, TokenUse.ACCEPTED.name(), batch.id(), entry.number(), countersign(receipt));
    }

    private static Outcome refused(Batch batch, String reason) {
        return new Outcome(false, reason, batch.id(), 0, false);
    }

    private Ledger.Entry written(Batch batch) throws IOException, SQLException {
        String path = batch.line() + "/"
                + batch.issuedAt().atOffset(ZoneOffset.UTC).toLocalDate() + "/" + batch.id() + ".json";
        String digest = data.proofs().put(path, batch.signed().statement());
        return data.ledger().append(batch, path, digest);
    }

    /** Asks the tower; a receipt that it does not sign now waits for {@link #countersignWaiting}. */
    private boolean countersign(SignedStatement receipt) throws SQLException, InterruptedException {
        try {
            SignedStatement both = receipt.signedBy(tower);
            tower.keep(both);
            locked(() -> data.receipts().put(both));
            return true;
        } catch (KeyException | IOException e) {
            return false; // The tower is not there.
        }
    }

    /** Has receipts countersigned that the tower could not sign when they were made; answers how many still wait. */
    public long countersignWaiting() throws SQLException, InterruptedException {
        long waiting = 0;
        for (SignedStatement receipt : data.receipts().all()) {
            if (receipt.signatures().size() < 2 && !countersign(receipt)) {
                waiting++;
            }
        }
        return waiting;
    }

    /**
     * After a restore: the nonce table is made anew of the restored ledger, the restored receipts and those that the tower keeps, which may be of batches that came after the snapshot; and nothing
     * issued before is let in.
     *
     * @return how many nonces are in the table
     */
    public int rebuildNonces(TimelineEpoch epoch) throws SQLException, InterruptedException {
        data.nonces().fence(epoch);
        Map<String, UsedToken> known = new LinkedHashMap<>();
        for (Ledger.Entry entry : data.ledger().entries()) {
            known.put(entry.nonce(), new UsedToken(entry.nonce(), Instant.parse(entry.issuedAt())));
        }
        for (SignedStatement receipt : data.receipts().all()) {
            known.putIfAbsent(ReceiptStore.nonce(receipt).token(), ReceiptStore.nonce(receipt));
        }
        for (SignedStatement receipt : towerReceipts()) {
            known.putIfAbsent(ReceiptStore.nonce(receipt).token(), ReceiptStore.nonce(receipt));
        }
        data.nonces().rebuild(known.values());
        return known.size();
    }

    /** The tower's receipts; none if it cannot be asked, which the fence makes up for. */
    private Iterable<SignedStatement> towerReceipts() throws InterruptedException {
        try {
            return tower.receipts();
        } catch (IOException | BackupException e) {
            return List.of();
        }
    }

    /** Makes the index of receipts anew; answers how many proofs have none. */
    public long rebuildIndex() throws IOException, SQLException {
        return data.receipts().rebuildIndex(data.proofs().digests());
    }

    /** Whether the receipt of the newest entry is there, is about that very entry and bears both signatures. */
    public boolean newestReceiptIsVerified() throws IOException, SQLException {
        Optional<Ledger.Entry> head = data.ledger().head();
        return head.isPresent() && isVerified(head.get());
    }

    /** Whether each entry of the ledger has such a receipt. */
    public boolean everyReceiptIsVerified() throws IOException, SQLException {
        for (Ledger.Entry entry : data.ledger().entries()) {
            if (!isVerified(entry)) {
                return false;
            }
        }
        return true;
    }

    private boolean isVerified(Ledger.Entry entry) throws IOException, SQLException {
        Optional<SignedStatement> receipt = data.receipts().find(entry.batch());
        return receipt.isPresent()
                && ReceiptStore.statement(entry)
                        .statement()
                        .equals(receipt.get().statement())
                && keys.countersigned(receipt.get());
    }

    private void locked(Database.Work work) throws SQLException {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
