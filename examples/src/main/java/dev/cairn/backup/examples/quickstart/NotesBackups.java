package dev.cairn.backup.examples.quickstart;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.Codec;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;
import java.time.Duration;

/** How the notes service embeds Cairn: all of it. */
final class NotesBackups {

    /** A demonstration cannot wait for a quarter of an hour. */
    private static final Duration INTERVAL = ofSeconds(1);

    private final NotesPlace place;

    NotesBackups(NotesPlace place) {
        this.place = place;
    }

    private Dataset notes() {
        return SqliteDataset.of("notes", place.database()).count("notes", "SELECT count(*) FROM notes");
    }

    private Dataset files() {
        return FilesDataset.of("files", place.files()).consistency(Consistency.IMMUTABLE);
    }

    private FileHome home() {
        return FileHome.at(place.backups());
    }

    /**
     * What an operator does once, after the repository was made: {@code newRecoveryCode()}, print it, lock it away, {@code confirmRecovery(code, who)}. Until
     * then health is degraded. A demonstration has nothing to lose, and declines.
     */
    void settleRecovery() {
        try (PackedRepository repository = PackedRepository.at(home())) {
            repository.keys().declineRecovery("quickstart", "a demonstration in a temporary folder");
        }
    }

    /** Where the repository's key is: made at the first start, outside the repository. */
    Path keyFile() {
        return home().keyFile();
    }

    /** The first thing after a start, before the service opens anything. */
    RecoveryReport recover() {
        return Cairn.recoverPending(home().state(), notes(), files());
    }

    /** The configuration of a service that takes snapshots by schedule. */
    CairnBuilder scheduled(NotesService service) {
        return configured(service, sessionsCodec())
                .schedule("every-second", Recurrence.every(INTERVAL), DatasetSelection.all(), Retention.keepLast(5));
    }

    /** The same without a schedule, for a service that takes snapshots when it is told to. */
    CairnBuilder configured(NotesService service, Codec<Sessions> sessions) {
        return Cairn.builder()
                .home(home())
                .dataset(notes())
                .dataset(files())
                .dataset(StateDataset.of("sessions", sessions, service::sessions, service::replaceSessions)
                        .counts(Sessions::counts))
                .barrier(service::whileQuiet)
                .projectionVersion(service::version)
                .restoreHooks(service::suspend, service::resume)
                .restoreCheck("row, file and sessions tell the same step", snapshot -> service.countersAgree())
                .maxAge(ofMinutes(10))
                .onShutdown(ShutdownPolicy.snapshotWithin(ofSeconds(8)));
    }

    static Codec<Sessions> sessionsCodec() {
        return JsonCodec.of(new ObjectMapper(), Sessions.class);
    }
}
