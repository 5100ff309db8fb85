package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.core.Cron;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;

/** The runbook's backups: what is taken when, and how long it is kept. Nothing is kept longer than its kind allows, so the weekly one, which holds the logs as well, is kept as long as logs are. */
public enum Kind {
    /** The proofs, every hour. */
    HOURLY("0 * * * *", 90, DatasetSelection.only(Datasets.PROOFS)),
    /** Proofs, configuration and databases at one instant, every day; the archive of the proofs is made of it. */
    DAILY(
            "0 2 * * *",
            30,
            DatasetSelection.only(
                    Datasets.PROOFS, Datasets.CONFIG, Datasets.LEDGER, Datasets.NONCES, Datasets.RECEIPTS)),
    /** The logs of the last 48 hours, every day. */
    LOGS("0 2 * * *", 7, DatasetSelection.only(Datasets.LOGS)),
    /** The log of alerts, every day. */
    ALERTS("0 2 * * *", 90, DatasetSelection.only(Datasets.ALERTS)),
    /** Everything, on Sundays. */
    WEEKLY("0 3 * * 0", 7, DatasetSelection.all());

    private final String cron;
    private final int days;
    private final DatasetSelection datasets;

    Kind(String cron, int days, DatasetSelection datasets) {
        this.cron = cron;
        this.days = days;
        this.datasets = datasets;
    }

    /** The kind of that name. */
    public static Kind of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "kind of backup",
                        name,
                        Arrays.stream(values()).map(Kind::label).toList().toString()));
    }

    /** Its name: of its schedule, and the label of one that an operator asks for. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** When, in UTC. */
    public Recurrence when() {
        return Recurrence.on(Cron.of(cron), ZoneOffset.UTC);
    }

    /** What. */
    public DatasetSelection datasets() {
        return datasets;
    }

    /** How long. */
    public Retention retention() {
        return Retention.keepWithin(Duration.ofDays(days));
    }
}
