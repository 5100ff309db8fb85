package dev.cairn.backup.sqlite.wal;

import java.io.IOException;

/** A frame is not there, is of another generation, or does not continue the chain of checksums. Never leaves this module. */
public final class BrokenLogException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param problem what is wrong with the frame, continuing "frame n of the log" */
    public BrokenLogException(int frame, String problem) {
        super("frame " + frame + " of the log " + problem);
    }
}
