package dev.cairn.backup.examples.sonia.drill;

import dev.cairn.backup.DrillPlace;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.sonia.RunningService;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import dev.cairn.backup.examples.sonia.memory.Memory;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import dev.cairn.backup.examples.sonia.memory.MemoryService;
import dev.cairn.backup.fs.FileBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What is asked of a restored {@code memory.db}, beside what the engine asks of every database. */
public final class RestoreDrill {

    /** The step that searches. */
    public static final String SEARCH = "search_test";

    /** The step that starts the service. */
    public static final String RESTART = "service_restart";

    private RestoreDrill() {}

    /** A drill of the newest backup, with a bundle on the backup disk if it fails. */
    public static DrillRequest request(SoniaPlace place) {
        return asked(DrillRequest.latest(), place);
    }

    /** The same questions about a chosen backup. */
    static DrillRequest asked(DrillRequest request, SoniaPlace place) {
        return request.objectives(MemoryBackups.RPO, MemoryBackups.RTO)
                .incidents(FileBlobStore.at(place.incidents()))
                .check(SEARCH, MemoryBackups.RTO, RestoreDrill::searches)
                .check(RESTART, MemoryBackups.RTO, RestoreDrill::restarts);
    }

    /** Whether a search finds what every database has. */
    public static boolean sings(MemoryDatabase memory) throws SQLException {
        return memory.search("canary sings", 5).stream().map(Memory::id).anyMatch(MemoryDatabase.CANARY::equals);
    }

    private static boolean searches(DrillPlace restored) throws SQLException {
        MemoryDatabase memory = new MemoryDatabase(restored.path(MemoryBackups.DATABASE));
        memory.openExisting();
        try {
            return sings(memory) && restored.snapshot().counts().getOrDefault("memories", -1L) == memory.count();
        } finally {
            memory.close();
        }
    }

    private static boolean restarts(DrillPlace restored) throws IOException, InterruptedException {
        Path folder = restored.folder().resolve("service");
        Path database = restored.path(MemoryBackups.DATABASE);
        ChildJvm process = ChildJvm.start(MemoryService.class, folder, "--serve-only", database.toString());
        restored.closeAtEnd(
                process); // Before anything is awaited: a service that hangs is killed when the step's time is over.
        RunningService service = RunningService.awaited(process);
        Answer health = service.get("/healthz");
        Answer search = service.get("/v1/memory/search?query=canary&limit=5");
        List<String> found = search.json().path("results").findValuesAsText("id");
        return health.status() == 200
                && health.text("status").equals("ok")
                && search.status() == 200
                && found.contains(MemoryDatabase.CANARY);
    }
}
