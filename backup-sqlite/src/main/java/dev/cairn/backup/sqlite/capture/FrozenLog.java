package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.PageChanges;
import java.util.Optional;

/** What the change log of a database tells of one pinned state of it. Any thread. */
public interface FrozenLog extends AutoCloseable {

    /** Of a database that is not protected continuously. */
    FrozenLog NONE = new FrozenLog() {
        @Override
        public Optional<LogPosition> position() {
            return Optional.empty();
        }

        @Override
        public Optional<PageChanges> changesSince(LogPosition earlier) {
            return Optional.empty();
        }

        @Override
        public void insufficient() {
            // Nothing was given.
        }

        @Override
        public boolean isOutgrown() {
            return false;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    };

    /** Where the log stands in the pinned state, exactly; empty if that cannot be told. */
    Optional<LogPosition> position();

    /**
     * All pages that differ between an earlier state and the pinned one, as {@link dev.cairn.backup.spi.EntryContent#changesSince} wants them; empty if they are not known. What it gives is read
     * before this is closed.
     */
    Optional<PageChanges> changesSince(LogPosition earlier);

    /** What it gave did not suffice after all: the next state is read whole. */
    void insufficient();

    /** Whether the log has grown to its limit while the state was pinned, so that the pin should be let go. Cheap enough to be asked a hundred times a second. */
    boolean isOutgrown();

    /** Called once, when nothing is read any more, while the pin may still be held. */
    @Override
    void close();
}
