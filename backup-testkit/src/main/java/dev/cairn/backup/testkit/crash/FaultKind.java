package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** How a call of a file system fails, as the JDK tells it on Linux. */
public enum FaultKind {
    /** No space left on device (ENOSPC). */
    FULL,
    /** Input/output error (EIO). */
    IO,
    /** Permission denied (EACCES). */
    DENIED,
    /** The channel was closed because its thread was interrupted. */
    INTERRUPTED;

    IOException of(String path) {
        return switch (this) {
            case FULL -> new FileSystemException(path, null, "No space left on device");
            case IO -> new FileSystemException(path, null, "Input/output error");
            case DENIED -> new AccessDeniedException(path);
            case INTERRUPTED -> new ClosedByInterruptException();
        };
    }
}
