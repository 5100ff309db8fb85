package dev.cairn.backup.examples.agtmux.source;

/**
 * A source's own state: what whoever has missed compacted events begins with.
 *
 * @param incarnation the source's incarnation
 * @param position the first event that is not in it
 * @param view what the events before it add up to
 */
public record OwnState(String incarnation, long position, SourceView view) {}
