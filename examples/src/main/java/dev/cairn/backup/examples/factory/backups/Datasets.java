package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.examples.factory.FactoryPlace;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.IntegrityCheck;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.time.Duration;
import java.util.List;

/** What the factory protects, by name. */
public final class Datasets {

    /** The proofs, in all folders. */
    public static final String PROOFS = "proofs";

    /** Key registry, policies, alert rules. */
    public static final String CONFIG = "config";

    /** The federation ledger. */
    public static final String LEDGER = "ledger";

    /** The nonce store. */
    public static final String NONCES = "nonces";

    /** The receipt database. */
    public static final String RECEIPTS = "receipts";

    /** The runtime's log. */
    public static final String LOGS = "logs";

    /** The log of alerts. */
    public static final String ALERTS = "alerts";

    /** Signed proofs of recoveries. */
    public static final String RECOVERY = "recovery";

    /** Proofs are promised to lose an hour at most. */
    public static final Duration PROOFS_RPO = Duration.ofHours(1);

    /** What the rest is promised: the distance of its backups. */
    public static final Duration DAILY_RPO = Duration.ofHours(24);

    /** How long a recovery may take. */
    public static final Duration RTO = Duration.ofMinutes(30);

    /** The greatest age that a restore accepts: what the longest retention keeps. */
    public static final Duration OLDEST = Duration.ofDays(91);

    private Datasets() {}

    /** All of them. */
    public static List<Dataset> of(FactoryPlace place) {
        return List.of(
                FilesDataset.of(PROOFS, place.proofs())
                        .consistency(Consistency.IMMUTABLE)
                        .optional(),
                FilesDataset.of(CONFIG, place.config()).consistency(Consistency.IMMUTABLE),
                SqliteDataset.of(LEDGER, place.ledger()).integrityCheck(IntegrityCheck.FULL),
                SqliteDataset.of(NONCES, place.nonces()).integrityCheck(IntegrityCheck.FULL),
                SqliteDataset.of(RECEIPTS, place.receipts()).integrityCheck(IntegrityCheck.FULL),
                FilesDataset.of(LOGS, place.logs())
                        .consistency(Consistency.APPEND_ONLY)
                        .exclude("alerts")
                        .optional(),
                FilesDataset.of(ALERTS, place.alerts())
                        .consistency(Consistency.APPEND_ONLY)
                        .optional(),
                FilesDataset.of(RECOVERY, place.recovery())
                        .consistency(Consistency.IMMUTABLE)
                        .optional());
    }
}
