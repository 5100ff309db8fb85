package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.Objective;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.Cron;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import dev.cairn.backup.examples.sonia.drill.RestoreDrill;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the memory service embeds Cairn: all of it. */
public final class MemoryBackups {

    /** Whose state store and audit log these are. */
    public static final String SERVICE = "memory";

    /** The dataset; drills name their steps after it, {@code restore_database}. */
    public static final String DATABASE = "database";

    /** The daily schedule. */
    public static final String DAILY = "daily";

    /** The label of backups that an operator asked for. */
    public static final String MANUAL = "manual";

    /** How many daily backups there are. */
    public static final int DAYS = 7;

    /** What may be lost. */
    public static final Duration RPO = Duration.ofHours(24);

    /** How long memory may be away. */
    public static final Duration RTO = Duration.ofSeconds(60);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SoniaPlace place;
    private final InstantSource clock;

    /** @param clock the wall clock */
    public MemoryBackups(SoniaPlace place, InstantSource clock) {
        this.place = place;
        this.clock = clock;
    }

    /** The database, as it is backed up. */
    public SqliteDataset database() {
        return SqliteDataset.of(DATABASE, place.database()).count("memories", "SELECT count(*) FROM memories");
    }

    private SqliteDataset shipped() {
        return database().continuous(ContinuousProtection.defaults().history(Duration.ofDays(DAYS)));
    }

    /** The first thing after a start, before anything opens the database. */
    public RecoveryReport recover(AuditLog audit) {
        return Cairn.recoverPending(place.state(SERVICE), List.of(database()), audit);
    }

    /** The log of who did what; one process at a time has it. */
    public AuditLog audit() {
        return FileAuditLog.at(place.audit(SERVICE), place.state(SERVICE)).open();
    }

    /** What the command that restores in the service's place opens; the repository may be another one, such as the copy on the share. */
    public CairnBuilder configured(PackedRepository repository) {
        return Cairn.builder()
                .repository(repository)
                .state(place.state(SERVICE))
                .scratch(place.scratch(SERVICE))
                .dataset(shipped())
                .naming(MemoryBackups::name)
                .maxAge(RPO)
                .clock(clock);
    }

    /** What the service opens: the same, with what goes on by itself. */
    public CairnBuilder configured(PackedRepository repository, MemoryDatabase memory, ZoneId zone) {
        return configured(repository)
                .restoreHooks(memory::close, memory::open)
                .restoreCheck("the canary sings", restored -> RestoreDrill.sings(memory))
                .schedule(
                        DAILY,
                        Recurrence.daily(LocalTime.of(2, 0), zone),
                        DatasetSelection.only(DATABASE),
                        Retention.keepLast(DAYS))
                .manualRetention(Retention.keepAll())
                .objective(DatasetSelection.only(DATABASE), Objective.of(RPO, RTO))
                .verification(VerificationPolicy.everyByte(
                        Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofDays(DAYS)))
                .drills(DrillPolicy.of(
                        Recurrence.on(Cron.of("0 4 1 * *"), zone),
                        RestoreDrill.request(place).datasets(DatasetSelection.only(DATABASE))));
    }

    /** {@code memory-20260215-020000}, {@code memory-manual-20260215-142345}; a second one in the same second gets a number. */
    private static SnapshotId name(long sequence, Instant now, Optional<String> label, int attempt) {
        String manual = label.filter(MANUAL::equals).map(text -> text + "-").orElse("");
        return SnapshotId.of("memory-" + manual + STAMP.format(now) + (attempt == 0 ? "" : "-" + (attempt + 1)));
    }
}
