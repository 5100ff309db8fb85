package dev.cairn.backup.cli.command;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.cli.Invocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a person types. Read by a thread of its own: nothing else can interrupt somebody who stopped typing, and Ctrl-C would wait for them. */
final class Typed {

    static final int MOST_BYTES = 1024;

    private Typed() {}

    /**
     * One line, without its end.
     *
     * @param operation what is interrupted by Ctrl-C
     * @throws IOException if nothing can be read
     * @throws BackupCancelledException if it was interrupted
     */
    static byte[] line(Invocation in, String operation) throws IOException {
        FutureTask<byte[]> reading = new FutureTask<>(() -> read(in));
        Thread reader = new Thread(reading, "cairn-typed");
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(operation);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
    }

    private static byte[] read(Invocation in) throws IOException {
        byte[] bytes = new byte[MOST_BYTES];
        int count = 0;
        for (int b = in.around().in().read();
                b >= 0 && b != '\n' && count < bytes.length;
                b = in.around().in().read()) {
            bytes[count++] = (byte) b;
        }
        return Arrays.copyOf(bytes, count);
    }
}
