package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** What protects a database while its writer is measured. Opened with a first snapshot complete. */
interface WriterProtection extends AutoCloseable {

    /** Whether what lies before the mark would survive the loss of the database. One thread asks, in the order of the marks. */
    boolean covers(CommitMark mark) throws IOException;

    @Override
    void close() throws IOException;

    /** Makes the protection of a host's database, with all that it keeps in a folder. The host commits nothing meanwhile. */
    interface Kind {
        WriterProtection open(Host host, Path database, Path folder) throws IOException, InterruptedException;
    }

    /** None: nothing ever survives. */
    static WriterProtection none() {
        return new WriterProtection() {
            @Override
            public boolean covers(CommitMark mark) {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
