package dev.cairn.backup.examples.agtmux.source;

import java.util.List;

/** A source's answer to whoever reads. */
public sealed interface Reading {

    /**
     * Events.
     *
     * @param events as many as were asked for or there are
     * @param end the position that the next new event will get
     */
    record Page(List<SourceEvent> events, long end) implements Reading {

        /** Copies the list. */
        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * The source cannot read from that position.
     *
     * @param reason why
     */
    record Invalid(String reason) implements Reading {}
}
