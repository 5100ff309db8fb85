package dev.cairn.backup.examples.halo;

import dev.cairn.backup.InvalidValueException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where HALO keeps its things.
 *
 * @param folder {@code HALO_HOME}, absolute
 */
public record HaloHome(Path folder) {

    /** What is backed up unless somebody asks for less, in this order. */
    static final List<String> PATHS = List.of("config", "memory", "sessions", "transcripts", "logs");

    /** The two trails, which no restore takes back. */
    static final List<String> TRAILS = List.of("operations-audit.jsonl", "incidents.jsonl");

    /** Makes the folder absolute. */
    public HaloHome {
        folder = folder.toAbsolutePath().normalize();
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Who belongs to the family, and who may do what. */
    Path household() {
        return path("config").resolve("household.json");
    }

    /** What the assistant may do in which kind of conversation. */
    Path messages() {
        return path("config").resolve("messages.json");
    }

    /** A lane of the memory: what the assistant remembers about one subject. */
    Path lane(String name) {
        return path("memory").resolve(file("lane", name));
    }

    Path transcript(String member) {
        return path("transcripts").resolve(file("member", member));
    }

    Path session(String member) {
        return path("sessions").resolve(file("member", member).replace(".jsonl", ".json"));
    }

    private static String file(String what, String name) {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new InvalidValueException(what, name, "1 to 64 characters of A-Z a-z 0-9 _ -");
        }
        return name + ".jsonl";
    }

    /** What happened to lanes, recoverable; beside what is backed up, so that no restore takes it away. */
    Path trash() {
        return path("trash");
    }

    Path backups() {
        return path("backups");
    }

    /** What the engine has to remember. */
    Path state() {
        return path("backup-state");
    }

    /** The chained audit log, from which the two trails are copied for people to read. */
    Path audit() {
        return path("audit");
    }
}
