package dev.cairn.backup.examples.magds;

import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;

/**
 * One of {@code magds.backup.datasets}.
 *
 * @param name its name, which tells it from another one whose file has the same name
 * @param source where it lies, absolute
 * @param type what it is
 * @param optional whether it may be missing
 */
record Source(String name, Path source, Type type, boolean optional) {

    /** What a source can be. */
    enum Type {
        /** One file, replaced as a whole. */
        FILE,
        /** A folder with all below it. */
        DIRECTORY,
        /** A database, copied as of one transaction. */
        SQLITE
    }

    /** What Cairn backs up. Nothing of MagDS runs beside its command line, so a file is what it is while it is read. */
    Dataset dataset() {
        return switch (type) {
            case FILE, DIRECTORY -> {
                FilesDataset files = FilesDataset.of(name, source).consistency(Consistency.IMMUTABLE);
                yield optional ? files.optional() : files;
            }
            case SQLITE -> {
                SqliteDataset database = SqliteDataset.of(name, source);
                yield optional ? database.optional() : database;
            }
        };
    }
}
