package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.wal.WalHeader;
import dev.cairn.backup.sqlite.wal.WalPlace;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open session and what follows it: pins first, then either proves that the log goes on where it was left, or begins a new timeline. */
final class Attachment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private final LogSession session;
    private final Follower follower;

    private Attachment(LogSession session, Follower follower) {
        this.session = session;
        this.follower = follower;
    }

    /**
     * Takes a database up.
     *
     * @param doubt why a new timeline must begin; null to go on with the last one if that can be proved
     * @throws dev.cairn.backup.BackupException if the log cannot be followed, or a new timeline not be kept; nothing is open then
     */
    static Attachment to(DatabaseSettings settings, Outlet outlet, @Nullable Doubt doubt)
            throws SQLException, IOException {
        LogSession session = LogSession.open(settings);
        boolean attached = false;
        try {
            session.pinNext();
            Follower.Start start = start(settings, outlet.shipping(), session, doubt);
            session.handOver();
            long bytes = session.pages() * start.pageSize();
            if (start.owed().isPresent()) {
                outlet.demand().goesOn(bytes);
            } else {
                outlet.demand().base(bytes); // Of the new timeline.
            }
            Attachment made = new Attachment(session, new Follower(session, outlet, start));
            attached = true;
            return made;
        } finally {
            if (!attached) {
                session.close();
            }
        }
    }

    private static Follower.Start start(
            DatabaseSettings settings, LogShipping shipping, LogSession session, @Nullable Doubt given)
            throws SQLException, IOException {
        Sight sight = session.look(); // After the pin: it saw nothing that is not in here.
        Optional<LogShipping.Last> last = shipping.last();
        Doubt doubt = given;
        if (doubt == null && last.isEmpty()) {
            doubt = new Doubt("Continuous protection begins", false);
        } else if (doubt != null
                && last.filter(it -> !Continuity.isEndedInOrder(it)).isPresent()) {
            // Whoever wants a new timeline cannot know what an earlier process left unshipped.
            doubt = new Doubt(doubt.why(), true);
        }
        if (doubt == null) {
            try {
                LogShipping.Last known = last.orElseThrow();
                Optional<WalPlace> place = Continuity.prove(known, session, sight);
                LOG.info("{} goes on at {}", settings.configured(), known.position());
                return new Follower.Start(place, known.position(), known.pageSize(), known.open(), Optional.of(sight));
            } catch (Doubt e) {
                doubt = e;
            }
        }
        return begin(settings, shipping, session, doubt);
    }

    private static Follower.Start begin(
            DatabaseSettings settings, LogShipping shipping, LogSession session, Doubt doubt)
            throws SQLException, IOException {
        Sight sight = session.look();
        Optional<WalPlace> place = Optional.empty();
        int pageSize = session.pageSize();
        if (sight.header().isPresent() && sight.frames() > 0) {
            WalHeader header = sight.header().get();
            place = Optional.of(session.wal().placeBehind(header, sight.frames()));
            pageSize = header.pageSize();
        }
        String resume = new ResumeToken(place, false, session.mainKey()).text();
        LogPosition position = shipping.begin(pageSize, resume, doubt.why(), doubt.gap());
        if (doubt.gap()) {
            LOG.warn("{} begins the new timeline {}: {}", settings.configured(), position.timeline(), doubt.why());
        } else {
            LOG.info("{} begins the new timeline {}: {}", settings.configured(), position.timeline(), doubt.why());
        }
        return new Follower.Start(place, position, pageSize, false, Optional.empty());
    }

    /** What is open. */
    LogSession session() {
        return session;
    }

    /** What follows it. */
    Follower follower() {
        return follower;
    }

    /** Lets go of the database entirely. */
    @Override
    public void close() {
        session.close();
    }
}
