package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.sqlite.wal.BrokenLogException;
import dev.cairn.backup.sqlite.wal.WalHeader;
import dev.cairn.backup.sqlite.wal.WalPlace;
import java.io.IOException;
import java.util.Optional;

/**
 * Whether a log goes on where an earlier process, or an earlier session of this one, stopped. Asked after the pin is taken: what is proved then stays so.
 *
 * <p>The proof is the generation and the checksum: a log that has the same salts and, at the frame where shipping stopped, the same running checksum has not been restarted since, and
 * everything committed since lies behind that frame. A log that was restarted once is proved by what the new generation has not overwritten yet of the old one: that it ended at that frame. This is
 * the rule after a kill in the quarter of a second between a restart and the next look.
 *
 * <p>Without a proof a new timeline begins, as a gap, which raises an alarm. Only after an orderly end of ours, with a log that looks as after an orderly end of the host's, there is
 * none: the last connection that closes a database checkpoints its log and deletes it, and the next one begins a log with a sequence of 0. Whatever the host committed between our end and
 * its own is then in the new base but was never shipped; hosts that stop us first do that every day, and an alarm each time would only be learned to be ignored. The reason says so instead.
 */
final class Continuity {

    static final String UNWATCHED = "The database was closed, or changed, while nothing was watching it";

    private Continuity() {}

    /**
     * The place where the log goes on.
     *
     * @throws Doubt if that cannot be proved
     */
    static Optional<WalPlace> prove(LogShipping.Last last, LogSession session, Sight sight) throws Doubt, IOException {
        ResumeToken token = ResumeToken.of(last.resume())
                .orElseThrow(() -> new Doubt("What an earlier version noted of the log is not understood", true));
        if (!token.main().equals(session.mainKey())) {
            throw new Doubt("The database file was replaced by another one while nothing was watching it", true);
        }
        boolean inOrder = isEndedInOrder(last);
        if (sight.header().isEmpty()) {
            throw new Doubt(UNWATCHED, !inOrder);
        }
        WalHeader header = sight.header().get();
        if (header.pageSize() != last.pageSize()) {
            throw new Doubt("The page size changed from " + last.pageSize() + " to " + header.pageSize(), true);
        }
        if (token.place().isEmpty()) {
            throw new Doubt(UNWATCHED, !inOrder);
        }
        WalPlace place = token.place().get();
        if (!place.isIn(header)) {
            // With nothing committed in the present generation, the header may be that of one that has ended already.
            boolean present = sight.frames() > 0 || !session.wal().holdsCommit(header);
            if (present && !last.open() && session.wal().previousEndedAt(header, place)) {
                return Optional.of(header.start());
            }
            boolean fresh = header.sequence() == 0;
            throw new Doubt(
                    fresh ? UNWATCHED : "The log was restarted while nothing was watching it", !(fresh && inOrder));
        }
        if (sight.frames() < place.frame() || !behind(session, header, place)) {
            throw new Doubt("The log does not hold what was shipped of it", true);
        }
        return Optional.of(place);
    }

    /** Whether everything was shipped when shipping ended. */
    static boolean isEndedInOrder(LogShipping.Last last) {
        return !last.open()
                && ResumeToken.of(last.resume()).filter(ResumeToken::closed).isPresent();
    }

    private static boolean behind(LogSession session, WalHeader header, WalPlace place) throws IOException {
        try {
            return session.wal().placeBehind(header, place.frame()).equals(place);
        } catch (BrokenLogException e) {
            return false;
        }
    }
}
