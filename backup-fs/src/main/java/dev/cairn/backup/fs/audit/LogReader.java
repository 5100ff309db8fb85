package dev.cairn.backup.fs.audit;

import dev.cairn.backup.fs.audit.RawLine.End;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of all files of a log, one after another. An empty file is shown as a line without bytes and without an end. Not thread-safe. */
final class LogReader implements Closeable {

    private final List<AuditFile> files;
    private final long lastLimit;
    private int next;
    private @Nullable LineReader open;

    /**
     * @param files the files, oldest first
     * @param lastLimit how many bytes of the last one are read at most
     */
    LogReader(List<AuditFile> files, long lastLimit) {
        this.files = List.copyOf(files);
        this.lastLimit = lastLimit;
    }

    /** The next line, or null at the end of the log. */
    @Nullable
    RawLine next() throws IOException {
        while (true) {
            LineReader reader = open;
            boolean fresh = reader == null;
            if (reader == null) {
                if (next == files.size()) {
                    return null;
                }
                AuditFile file = files.get(next++);
                reader = LineReader.open(file, next == files.size() ? lastLimit : Long.MAX_VALUE);
                open = reader;
            }
            RawLine line = reader.next();
            if (line != null) {
                return line;
            }
            close();
            if (fresh) {
                AuditFile empty = files.get(next - 1);
                return new RawLine(empty.name(), empty.first(), 1, 0, new byte[0], End.TORN);
            }
        }
    }

    @Override
    public void close() throws IOException {
        LineReader reader = open;
        open = null;
        if (reader != null) {
            reader.close();
        }
    }
}
