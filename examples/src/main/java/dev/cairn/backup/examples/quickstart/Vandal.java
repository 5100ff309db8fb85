package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * The disaster, in a process of its own: overwrites the database with garbage, deletes what SQLite keeps beside it, and deletes all files. (Inside the
 * host's process, opening a live database with Java I/O would drop SQLite's locks, https://www.sqlite.org/howtocorrupt.html, 2.2.)
 */
final class Vandal {

    private Vandal() {}

    /** @param args the service's folder */
    public static void main(String[] args) throws IOException {
        NotesPlace place = new NotesPlace(Path.of(args[0]));
        byte[] garbage = new byte[Math.toIntExact(Files.size(place.database()))];
        new SplittableRandom().nextBytes(garbage);
        Files.write(place.database(), garbage);
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(
                    place.database().resolveSibling(place.database().getFileName() + suffix));
        }
        WorkFolder.deleteTree(place.files().resolve("config"));
        WorkFolder.deleteTree(place.files().resolve("attachments"));
        System.out.println("overwrote " + place.database() + " with " + garbage.length + " random bytes");
        System.out.println("deleted all that was in " + place.files());
    }
}
