package dev.cairn.backup.examples.factory;

import java.nio.file.Path;

/**
 * Where a factory keeps its things. The folders of the runbook are datasets or archives; beside them lies what no restore may take back.
 *
 * @param home the installation's folder
 * @param vault another disk: the repository
 */
public record FactoryPlace(Path home, Path vault) {

    /** Proofs, in folders by line and day. */
    public Path proofs() {
        return home.resolve("proof");
    }

    /** Key registry (metadata only), governance policies, alert rules, archive settings. */
    public Path config() {
        return home.resolve("config");
    }

    /** The federation ledger. */
    public Path ledger() {
        return home.resolve("data/federation_ledger.db");
    }

    /** The nonce store. */
    public Path nonces() {
        return home.resolve("data/nonces.db");
    }

    /** The receipts and their index. */
    public Path receipts() {
        return home.resolve("data/receipts.db");
    }

    /** The panic flag. */
    public Path panic() {
        return home.resolve("data/ATLAS_PANIC");
    }

    /** The logs of the last 48 hours. */
    public Path logs() {
        return home.resolve("logs");
    }

    /** The log of alerts, which is kept apart. */
    public Path alerts() {
        return logs().resolve("alerts");
    }

    /** Encrypted archives of the proofs, by day. */
    public Path archive() {
        return home.resolve("archive/proof");
    }

    /** Signed proofs of recoveries: kept for ever, never taken back by a restore. */
    public Path recovery() {
        return home.resolve("recovery");
    }

    /** The audit log with its incidents. */
    public Path audit() {
        return home.resolve("audit");
    }

    /** What the backup engine remembers, the used nonces among it. */
    public Path state() {
        return home.resolve("backup-state");
    }

    /** Room for temporary copies. */
    public Path scratch() {
        return home.resolve("backup-scratch");
    }

    /** The repository. */
    public Path repository() {
        return vault.resolve("repository");
    }
}
