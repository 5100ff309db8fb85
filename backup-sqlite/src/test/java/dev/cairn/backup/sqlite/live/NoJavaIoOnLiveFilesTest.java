package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every place where this module opens a file with Java I/O, by name: all of them are copies of our own, files of {@code /proc}, or the {@code -wal}. */
class NoJavaIoOnLiveFilesTest {

    private static final Pattern OPENS =
            Pattern.compile("\\b(FileChannel\\.open|RandomAccessFile|FileInputStream|FileOutputStream|FileReader"
                    + "|FileWriter|newInputStream|newOutputStream|newByteChannel|newBufferedReader|newBufferedWriter|readAllBytes|readString"
                    + "|readAllLines|Files\\.lines|Files\\.write\\w*|Files\\.copy|Files\\.mismatch|writeNew)\\(");

    @Test
    void onlyCopiesOfOurOwnAndWhatLinuxTellsAreOpened() throws Exception {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> all =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertTrue(all.size() > 15, "the sources were found");
            for (Path source : all) {
                Matcher calls = OPENS.matcher(Files.readString(source));
                while (calls.find()) {
                    found.merge(source.getFileName().toString(), calls.group(1), (a, b) -> a + " " + b);
                }
            }
        }
        // Cut and WalFile read the -wal, on which SQLite keeps no lock. RowFile and EmptyTables make their files, empty
        // and new, in
        // folders of ours; SQLite opens them afterwards. CopyComparison reads the copy of a drill, DatabaseTrash a
        // database that a
        // restore has set aside: nobody of this process had it open at its swap, or the restore would have been
        // refused.
        assertEquals(
                Map.of(
                        "CopyComparison.java", "newInputStream",
                        "Cut.java", "RandomAccessFile",
                        "DatabaseTrash.java", "newInputStream",
                        "EmptyTables.java", "writeNew",
                        "FrozenDatabase.java", "newInputStream",
                        "ProcFile.java", "readAllBytes",
                        "RowFile.java", "writeNew",
                        "StagedPieces.java", "FileChannel.open",
                        "TailFile.java", "FileChannel.open",
                        "WalFile.java", "FileChannel.open"),
                found);
    }
}
