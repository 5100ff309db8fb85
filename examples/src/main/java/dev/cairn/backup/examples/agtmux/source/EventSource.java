package dev.cairn.backup.examples.agtmux.source;

import dev.cairn.backup.cursor.SourceRange;
import java.io.IOException;

/** Where events come from. Every method throws {@link IOException} when the source cannot be reached. Thread-safe. */
public interface EventSource {

    /** Its name. */
    String name();

    /** {@code source.hello}: which incarnation it is and what it can deliver. */
    SourceRange hello() throws IOException;

    /** Events from a position on, at most so many. */
    Reading read(long from, int most) throws IOException;

    /** Its own state, as of its newest event. */
    OwnState state() throws IOException;

    /** What comes before the position will never be asked for again and may be compacted. */
    void acknowledge(long position) throws IOException;
}
