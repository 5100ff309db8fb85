package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** HALO in a process of its own, and what an operator sees of it. Closing it kills it. */
final class RunningHalo implements AutoCloseable {

    private final HaloHome home;
    private final ChildJvm process;
    private final int port;
    private final Plane plane;

    private RunningHalo(HaloHome home, ChildJvm process, int port) {
        this.home = home;
        this.process = process;
        this.port = port;
        this.plane = Plane.at(port);
    }

    static RunningHalo start(Path folder, String... more) throws IOException {
        ChildJvm process = ChildJvm.start(HaloHost.class, folder, more);
        List<String> said = process.outputUntil(HaloHost.READY);
        int port = Integer.parseInt(said.get(said.size() - 1).split(" ", 2)[1]);
        return new RunningHalo(new HaloHome(folder), process, port);
    }

    /** A new family's. */
    static RunningHalo movedIn(Path folder, String... more) throws IOException {
        Family.moveIn(new HaloHome(folder));
        return start(folder, more);
    }

    HaloHome home() {
        return home;
    }

    int port() {
        return port;
    }

    Plane plane() {
        return plane;
    }

    ChildJvm process() {
        return process;
    }

    /** As the manager. @param query names and values in turn */
    Answer create(String... query) throws IOException, InterruptedException {
        return plane.post("/operations/backup/create", "", asManager(query));
    }

    /** As the manager. @param query names and values in turn */
    Answer restore(String... query) throws IOException, InterruptedException {
        return plane.post("/operations/backup/restore", "", asManager(query));
    }

    static String[] asManager(String... query) {
        String[] all = Arrays.copyOf(query, query.length + 2);
        all[query.length] = "memberId";
        all[query.length + 1] = Family.MANAGER;
        return all;
    }

    /** A backup that must succeed. */
    void backUp(String id) throws IOException, InterruptedException {
        Answer answer = create("backupId", id);
        assertEquals(200, answer.status(), answer.body());
    }

    void say(String member, String text) throws IOException, InterruptedException {
        Answer answer = plane.post("/messages", text, "memberId", member);
        assertEquals(200, answer.status(), answer.body());
    }

    void remember(String lane, String text) throws IOException, InterruptedException {
        Answer answer = plane.post("/memory/lane", text, "lane", lane);
        assertEquals(200, answer.status(), answer.body());
    }

    List<JsonNode> audit() {
        return TrailFiles.read(home.path("logs").resolve("operations-audit.jsonl"));
    }

    JsonNode lastAudit() {
        List<JsonNode> all = audit();
        return all.get(all.size() - 1);
    }

    /** The last line of an action. */
    JsonNode lastAudit(String action) {
        List<JsonNode> all = audit().stream()
                .filter(line -> line.path("action").asText().equals(action))
                .toList();
        return all.get(all.size() - 1);
    }

    List<JsonNode> incidents() {
        return TrailFiles.read(home.path("logs").resolve("incidents.jsonl"));
    }

    List<JsonNode> incidents(String code, String backup) {
        return incidents().stream()
                .filter(line -> line.path("code").asText().equals(code)
                        && line.path("backupId").asText().equals(backup))
                .toList();
    }

    /** What the family has: each file of the five paths but the trails, with its text. */
    Map<String, String> state() {
        return state(home);
    }

    static SortedMap<String, String> state(HaloHome home) {
        SortedMap<String, String> files = new TreeMap<>();
        for (String path : HaloHome.PATHS) {
            files.putAll(files(home.folder(), home.path(path)));
        }
        HaloHome.TRAILS.forEach(trail -> files.remove("logs/" + trail));
        return files;
    }

    /** The texts below a folder by their path below another, without what Cairn keeps aside. */
    static SortedMap<String, String> files(Path above, Path folder) {
        SortedMap<String, String> files = new TreeMap<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = above.relativize(file).toString().replace('\\', '/');
                if (!name.contains("/.cairn-")) {
                    files.put(name, Files.readString(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
