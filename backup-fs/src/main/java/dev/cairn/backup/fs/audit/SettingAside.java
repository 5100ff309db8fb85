package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Puts the files of a damaged log into a folder {@code set-aside-<n>}, unchanged, and begins a chain that goes on with the numbers. May be interrupted at any
 * moment: the log is then still damaged, and is put aside as it is the next time.
 */
final class SettingAside {

    private static final String NAME = "set-aside-";

    private SettingAside() {}

    /**
     * Puts them aside.
     *
     * @param known the head record, if there is one
     * @return the head of the new chain, not yet recorded
     */
    static Head newChain(Path folder, Optional<Head> known, String chain) throws IOException {
        long highest = known.map(head -> head.last().sequence()).orElse(0L);
        String hash = known.map(head -> head.last().hash()).orElse(AuditPosition.START.hash());
        try (LogReader lines = new LogReader(AuditFile.list(folder), Long.MAX_VALUE)) {
            for (RawLine line = lines.next(); line != null; line = lines.next()) {
                highest = Math.max(highest, sequenceOf(line));
            }
        }
        AuditPosition before = new AuditPosition(highest, hash);
        return new Head(chain, before, before);
    }

    /** A number that is out of all reason was made up; the numbers must stay within what names of files can tell. */
    private static long sequenceOf(RawLine line) {
        try {
            long sequence = Line.parse(line.bytes()).sequence();
            return sequence < 1L << 50 ? sequence : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Moves the files; answers the name of the folder that they are in. */
    static String move(Path folder) throws IOException {
        int number = 1;
        while (Files.exists(folder.resolve(NAME + number), NOFOLLOW_LINKS)) {
            number++;
        }
        Path aside = folder.resolve(NAME + number);
        DurableFiles.createDirectories(aside);
        List<AuditFile> files = AuditFile.list(folder);
        for (AuditFile file : files) {
            DurableFiles.moveAtomically(file.path(), aside.resolve(file.name()));
        }
        return NAME + number;
    }
}
