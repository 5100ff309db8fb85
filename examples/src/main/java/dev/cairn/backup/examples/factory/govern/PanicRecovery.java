package dev.cairn.backup.examples.factory.govern;

import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.federation.FederationData;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.federation.Ledger;
import dev.cairn.backup.examples.factory.resilience.RecoveryProofs;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The way out of panic: only over an intact ledger whose newest receipt is verified, and only once the signed proof of it lies there. */
public final class PanicRecovery {

    private final PanicFlag flag;
    private final FederationData data;
    private final FederationSync sync;
    private final RecoveryProofs proofs;

    /** Recovers the panic of a flag. */
    public PanicRecovery(PanicFlag flag, FederationData data, FederationSync sync, RecoveryProofs proofs) {
        this.flag = flag;
        this.data = data;
        this.sync = sync;
        this.proofs = proofs;
    }

    /**
     * What became of it.
     *
     * @param recovered whether the flag is down
     * @param detail why not, or the digest of the proof
     */
    public record Outcome(boolean recovered, String detail) {}

    /** Recovers, or says why it may not; then the flag stays. */
    public Outcome recover() throws IOException, SQLException {
        Optional<String> reason = flag.reason();
        if (reason.isEmpty()) {
            return new Outcome(false, "there is no panic");
        }
        Optional<String> broken = data.ledger().problem();
        if (broken.isPresent()) {
            return new Outcome(false, "the ledger is not intact: " + broken.get() + "; restore it first");
        }
        if (!sync.newestReceiptIsVerified()) {
            return new Outcome(
                    false,
                    "the receipt of the newest entry is missing, altered or not signed by both factory and tower; have it countersigned first");
        }
        Ledger.Entry head = data.ledger().head().orElseThrow();
        Map<String, Object> said = new TreeMap<>();
        said.put("kind", "panic_recovery");
        said.put("reason", reason.get());
        said.put("at", Instant.now().toString());
        said.put("ledgerEntries", head.number());
        said.put("ledgerHead", head.hash());
        said.put("receipt", data.newestReceipt().orElseThrow().digest());
        SignedStatement proof = proofs.emit("panic_recovery", said);
        flag.lower();
        return new Outcome(true, proof.digest());
    }
}
