package dev.cairn.backup.examples.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillPlace;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.TrashRetention;
import dev.cairn.backup.VerificationPolicy;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.proof.ReceiptSigners;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.fs.SigningKeyFile;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of {@code docs/trusted-restores.md}. */
class TrustedRestoresGuideTest {

    @TempDir
    Path temp;

    private DrillReport drilled;
    private RestorePlan planned;
    private List<Receipt> receipts;

    private void run(Path app, Path keys) {
        // guide:begin
        var home = FileHome.at(app.resolve("backup-home"));
        var notes = SqliteDataset.of("notes", app.resolve("notes.db"));
        var config = FilesDataset.of("config", app.resolve("config")).consistency(Consistency.IMMUTABLE);
        var hour = Duration.ofHours(1);
        var rehearsal = DrillRequest.latest()
                .objectives(hour, Duration.ofMinutes(5)) // how old the snapshot, how long the restore may be
                .check("answers", Duration.ofSeconds(20), TrustedRestoresGuideTest::answers);
        try (var audit = FileAuditLog.at(app.resolve("audit"), home.state()).open();
                SnapshotManager backups = Cairn.builder()
                        .home(home)
                        .dataset(notes)
                        .dataset(config)
                        .objective(DatasetSelection.all(), Objective.of(hour, Duration.ofMinutes(5)))
                        .verification(VerificationPolicy.of(Duration.ofMinutes(10), Duration.ofSeconds(30)))
                        .drills(DrillPolicy.of(
                                Recurrence.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0), ZoneId.of("Europe/Berlin")),
                                rehearsal))
                        .receipts(ReceiptSigners.ed25519("site-a", SigningKeyFile.at(keys.resolve("site-a.pem"))))
                        .trashRetention(TrashRetention.of(3, Duration.ofDays(7)))
                        .audit(audit)
                        .open()) {
            SnapshotId id = backups.create().id();
            drilled = backups.drill(rehearsal.withControl()); // now, and with a damaged copy that must be found out

            RestoreRequest one = RestoreRequest.of(id).paths("config", List.of(EntryPath.of("app.json")));
            planned = backups.plan(one.listPaths(100)); // counts, bytes, space and time; nothing is touched
            RestoreReport report = backups.restore(planned);
            backups.rollback(report); // back from the trash, to the instant of the swap

            if (!backups.verifyChain().intact()) {
                throw new IllegalStateException("somebody was at the repository");
            }
            receipts = backups.receipts().all(); // of the drill, the restore and the rollback
        }
        // guide:end
    }

    private static boolean answers(DrillPlace restored) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + restored.path("notes"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM note")) {
            return row.getInt(1) == 1;
        }
    }

    @Test
    void theGuidesHostIsRehearsedRestoredRolledBackAndAttested() throws Exception {
        Path app = temp.resolve("app");
        Files.createDirectories(app.resolve("config"));
        Files.writeString(app.resolve("config/app.json"), "{}");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + app.resolve("notes.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE note(text TEXT)");
            statement.execute("INSERT INTO note VALUES('first')");
        }
        Path keys = Files.createDirectories(temp.resolve("keys"));
        Path seed = Files.createFile(
                keys.resolve("site-a.pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(seed, "5a".repeat(32));
        run(app, keys);
        assertTrue(drilled.passed(), drilled::toString);
        assertTrue(drilled.controlled());
        assertEquals(
                List.of("config"),
                planned.datasets().stream().map(plan -> plan.dataset()).toList());
        assertEquals(
                List.of(Receipt.Kind.DRILL, Receipt.Kind.RESTORE, Receipt.Kind.RESTORE),
                receipts.stream().map(Receipt::kind).toList());
        assertEquals("{}", Files.readString(app.resolve("config/app.json")));
    }

    @Test
    void theGuideShowsThisVeryCode() throws Exception {
        Path guide = Path.of("..", "docs", "trusted-restores.md");
        Path source = Path.of("src/test/java/dev/cairn/backup/examples/trust/TrustedRestoresGuideTest.java");
        String shown = section(Files.readString(guide), "```java\n", "```");
        String here = section(Files.readString(source), "// guide:begin\n", "// guide:end")
                .stripTrailing()
                .indent(-8);
        assertEquals(here, shown);
    }

    private static String section(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }
}
