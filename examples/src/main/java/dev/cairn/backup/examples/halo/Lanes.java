package dev.cairn.backup.examples.halo;

import dev.cairn.backup.InvalidValueException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** The lanes of the memory. What is discarded is moved, never deleted, and can be taken back. */
final class Lanes {

    private final HaloHome home;
    private final HouseLock lock;
    private final InstantSource clock;

    Lanes(HaloHome home, HouseLock lock, InstantSource clock) {
        this.home = home;
        this.lock = lock;
        this.clock = clock;
    }

    /** Remembers something; answers how much is remembered in that lane. */
    int remember(String lane, String text) {
        return lock.working(() -> appended(lane, text));
    }

    private synchronized int appended(String lane, String text) {
        HouseFiles.append(home.lane(lane), text.replace('\n', ' '));
        return HouseFiles.lines(home.lane(lane)).size();
    }

    /** All that is remembered in a lane. */
    List<String> export(String lane) {
        return lock.working(() -> HouseFiles.lines(existing(lane)));
    }

    /** The names of all lanes. */
    List<String> names() {
        return lock.working(() -> namesIn(home.path("memory")));
    }

    /** Moves a lane to the trash, while nobody writes to it; answers what it is called there. */
    String discard(String lane) {
        return lock.working(() -> discarded(lane));
    }

    private synchronized String discarded(String lane) {
        Path from = existing(lane);
        for (int n = 1; ; n++) {
            String item = lane + "~" + clock.instant().toEpochMilli() + "-" + n;
            Path to = home.trash().resolve(item + ".jsonl");
            if (!Files.exists(to)) {
                move(from, to);
                return item;
            }
        }
    }

    /** Takes a lane back from the trash; answers its name. */
    String undo(String item) {
        return lock.working(() -> takenBack(item));
    }

    private synchronized String takenBack(String item) {
        if (!item.matches("[A-Za-z0-9_-]{1,64}~[0-9]{1,18}-[0-9]{1,9}") || !Files.exists(trashed(item))) {
            throw new InvalidValueException("trashId", item, "one of " + namesIn(home.trash()));
        }
        String lane = item.substring(0, item.indexOf('~'));
        if (Files.exists(home.lane(lane))) {
            throw new InvalidValueException(
                    "trashId", item, "a lane that does not exist now; discard the present '" + lane + "' first");
        }
        move(trashed(item), home.lane(lane));
        return lane;
    }

    private Path trashed(String item) {
        return home.trash().resolve(item + ".jsonl");
    }

    private Path existing(String lane) {
        Path file = home.lane(lane);
        if (!Files.exists(file)) {
            throw new InvalidValueException("lane", lane, "one of " + namesIn(home.path("memory")));
        }
        return file;
    }

    private static List<String> namesIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".jsonl"))
                    .map(name -> name.substring(0, name.length() - ".jsonl".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be listed", e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(from + " cannot be moved to " + to, e);
        }
    }
}
