package dev.cairn.backup.examples.agtmux.daemon;

import dev.cairn.backup.cursor.HaltReason;
import dev.cairn.backup.cursor.ResyncReason;
import dev.cairn.backup.lifecycle.SourceHealth;

/** Told what happens where events come in. Called by the gateway's and the daemon's threads. */
public interface IntakeListener {

    /** The events of a source are in the state up to a position, behind which it has told events up to its end. */
    void committed(String source, long position, long end);

    /** A source called the cursor invalid. */
    void invalid(String source);

    /** A cursor went back to a position. */
    void rewound(String source, long to);

    /** A source is read anew from a position. */
    void resynced(String source, long position, ResyncReason reason);

    /** A source is not read any more until an operator has decided. */
    void halted(String source, HaltReason reason);

    /** A source stands otherwise than before. */
    void changed(SourceHealth health);
}
