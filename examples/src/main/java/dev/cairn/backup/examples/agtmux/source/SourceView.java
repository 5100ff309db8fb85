package dev.cairn.backup.examples.agtmux.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a source's events add up to: each of them once. Not thread-safe.
 *
 * @param sessions titles by session
 * @param panes panes by key
 * @param bindings by pane and time, the session
 */
public record SourceView(Map<String, String> sessions, Map<String, Pane> panes, Map<Binding, String> bindings) {

    /**
     * A pane.
     *
     * @param session its session
     * @param state its state
     * @param changes how many events have changed it, so that one that is missing or doubled shows
     */
    public record Pane(String session, String state, long changes) {}

    /**
     * What identifies a binding.
     *
     * @param pane the pane
     * @param at when, in epoch milliseconds
     */
    public record Binding(String pane, long at) implements Comparable<Binding> {

        @Override
        public int compareTo(Binding other) {
            int byPane = pane.compareTo(other.pane);
            return byPane != 0 ? byPane : Long.compare(at, other.at);
        }
    }

    /** Nothing yet. */
    public static SourceView empty() {
        return new SourceView(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    void apply(SourceEvent event) {
        if (event.repeated()) {
            return;
        }
        switch (event.kind()) {
            case SESSION -> sessions.put(event.key(), event.text());
            case PANE -> {
                Pane before = panes.get(event.key());
                panes.put(
                        event.key(),
                        new Pane(event.session(), event.text(), before == null ? 1 : before.changes() + 1));
            }
            case BIND -> bindings.put(new Binding(event.key(), event.at().toEpochMilli()), event.session());
            case CLOSE -> {
                panes.remove(event.key());
                bindings.keySet().removeIf(binding -> binding.pane().equals(event.key()));
            }
        }
    }

    /** As plain values for JSON. */
    public Map<String, Object> form() {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("sessions", sessions);
        Map<String, Object> all = new LinkedHashMap<>();
        panes.forEach((key, pane) ->
                all.put(key, Map.of("session", pane.session(), "state", pane.state(), "changes", pane.changes())));
        form.put("panes", all);
        form.put(
                "bindings",
                bindings.entrySet().stream()
                        .map(entry -> Map.of(
                                "pane", entry.getKey().pane(),
                                "at", entry.getKey().at(),
                                "session", entry.getValue()))
                        .toList());
        return form;
    }

    /** Reads {@link #form}. */
    public static SourceView of(JsonNode form) {
        SourceView view = empty();
        form.path("sessions")
                .properties()
                .forEach(entry ->
                        view.sessions.put(entry.getKey(), entry.getValue().asText()));
        form.path("panes")
                .properties()
                .forEach(entry -> view.panes.put(
                        entry.getKey(),
                        new Pane(
                                entry.getValue().path("session").asText(),
                                entry.getValue().path("state").asText(),
                                entry.getValue().path("changes").asLong())));
        form.path("bindings")
                .forEach(node -> view.bindings.put(
                        new Binding(node.path("pane").asText(), node.path("at").asLong()),
                        node.path("session").asText()));
        return view;
    }
}
