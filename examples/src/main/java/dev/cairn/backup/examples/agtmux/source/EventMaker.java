package dev.cairn.backup.examples.agtmux.source;

import dev.cairn.backup.examples.agtmux.source.SourceEvent.Kind;
import java.time.Instant;

/** What happens in a multiplexer full of agents: sessions are titled, panes change their state, are bound and closed. The same position always tells the same. */
final class EventMaker {

    private static final int SESSIONS = 40;
    private static final int PANES = 120;
    private static final String[] STATES = {"idle", "busy", "attention"};

    private EventMaker() {}

    static SourceEvent event(String incarnation, long position, Instant at) {
        String session = "s" + position / 10 % SESSIONS;
        String pane = "p" + position * 7 % PANES;
        String id = incarnation.substring(0, 8) + "-" + position;
        return switch ((int) (position % 10)) {
            case 0 -> event(position, session, id, at, Kind.SESSION, session, "title " + position);
            case 8 -> event(position, session, id, at, Kind.BIND, pane, "");
            case 9 -> event(position, session, id, at, Kind.CLOSE, "p" + position * 3 % PANES, "");
            default -> event(position, session, id, at, Kind.PANE, pane, STATES[(int) (position % STATES.length)]);
        };
    }

    private static SourceEvent event(
            long position, String session, String id, Instant at, Kind kind, String key, String text) {
        return new SourceEvent(position, session, id, at, kind, key, text, false);
    }
}
