package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Decides which operation fails. Used with the log's monitor held. */
final class Faults {

    private long operations;
    private long writes;
    private long forces;
    private long failAt = Long.MAX_VALUE;
    private long fullFrom = Long.MAX_VALUE;
    private long failForceAt = Long.MAX_VALUE;

    private long calls;
    private long firstFailing = Long.MAX_VALUE;
    private long lastFailing = Long.MAX_VALUE;
    private FaultKind kind = FaultKind.IO;

    void failCalls(long first, long last, FaultKind how) {
        firstFailing = calls + first;
        lastFailing = last == Long.MAX_VALUE ? last : calls + last;
        kind = how;
    }

    long calls() {
        return calls;
    }

    /** Before a call of any kind, also one that changes nothing. */
    void beforeCall(String path) throws IOException {
        if (++calls >= firstFailing && calls <= lastFailing) {
            throw kind.of(path);
        }
    }

    void failAt(long number) {
        failAt = operations + number;
    }

    void fullFromWrite(long number) {
        fullFrom = writes + number;
    }

    void failForceAt(long number) {
        failForceAt = forces + number;
    }

    void heal() {
        failAt = Long.MAX_VALUE;
        fullFrom = Long.MAX_VALUE;
        failForceAt = Long.MAX_VALUE;
        firstFailing = Long.MAX_VALUE;
        lastFailing = Long.MAX_VALUE;
    }

    long operations() {
        return operations;
    }

    long writes() {
        return writes;
    }

    long forces() {
        return forces;
    }

    /** Before a recorded operation of any kind. */
    void beforeOperation(String what) throws IOException {
        beforeCall(what);
        if (++operations == failAt) {
            throw new IOException("injected fault at operation " + operations + ", " + what);
        }
    }

    /** Before bytes are written; answers how many of them fit. */
    int beforeWrite(String path, int length) throws IOException {
        beforeOperation("write " + path);
        writes++;
        if (length == 0 || writes < fullFrom) {
            return length;
        }
        if (writes > fullFrom || length == 1) {
            throw new FileSystemException(path, null, "No space left on device");
        }
        // A disk that runs full takes what fits and says so with a short count; only the next write fails (write(2)).
        return length / 2;
    }

    /** Before a force; answers whether it must fail. */
    boolean forceFails(String path) throws IOException {
        beforeOperation("force " + path);
        return ++forces == failForceAt;
    }
}
