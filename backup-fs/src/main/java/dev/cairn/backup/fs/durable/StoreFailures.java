package dev.cairn.backup.fs.durable;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a full disk and a missing right from other errors. The JDK has no type for "no space left": only the platform's words tell. */
final class StoreFailures {

    private StoreFailures() {}

    static StoreException of(String what, Exception e) {
        Reason reason = reasonOf(e);
        return new StoreException(reason, what + " failed: " + e, nextStep(reason), e);
    }

    private static Reason reasonOf(@Nullable Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreException store) {
                return store.reason();
            }
            if (cause instanceof AccessDeniedException || cause instanceof ReadOnlyFileSystemException) {
                return Reason.DENIED;
            }
            String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (words.contains("no space left")
                    || words.contains("quota exceeded")
                    || words.contains("not enough space")
                    || words.contains("disk full")) {
                return Reason.FULL;
            }
            if (words.contains("read-only file system") || words.contains("operation not permitted")) {
                return Reason.DENIED;
            }
            if (words.contains("stale file handle") || words.contains("transport endpoint")) {
                return Reason.UNREACHABLE;
            }
        }
        return Reason.IO;
    }

    private static String nextStep(Reason reason) {
        return switch (reason) {
            case FULL -> "Free some space and try again";
            case DENIED -> "Give this process the right to write there, or choose another place";
            case UNREACHABLE -> "Bring the volume back and try again";
            default -> "Check the disk and try again";
        };
    }
}
