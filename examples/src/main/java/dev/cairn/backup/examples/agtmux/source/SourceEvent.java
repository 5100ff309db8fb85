package dev.cairn.backup.examples.agtmux.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a source tells.
 *
 * @param position where it stands in the source's log
 * @param session the session it is about
 * @param id what identifies it within the session, the same in each repetition
 * @param at when it happened
 * @param kind what happened
 * @param key the session's or pane's key
 * @param text the title or state
 * @param repeated whether the source knows that it has told it before; never sent
 */
public record SourceEvent(
        long position, String session, String id, Instant at, Kind kind, String key, String text, boolean repeated) {

    /** What can happen. */
    public enum Kind {
        /** A session got a title. */
        SESSION,
        /** A pane got a state. */
        PANE,
        /** A pane was bound to a session. */
        BIND,
        /** A pane was closed. */
        CLOSE
    }

    /** The same event once more, at another place in the log. */
    SourceEvent repeatedAt(long other) {
        return new SourceEvent(other, session, id, at, kind, key, text, true);
    }

    /** The form in the log. */
    Map<String, Object> stored() {
        Map<String, Object> form = sent();
        form.put("repeated", repeated);
        return form;
    }

    /** The form over HTTP, by which nobody can tell a repetition. */
    Map<String, Object> sent() {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("position", position);
        form.put("session", session);
        form.put("id", id);
        form.put("at", at.toEpochMilli());
        form.put("kind", kind.name());
        form.put("key", key);
        form.put("text", text);
        return form;
    }

    /** Reads either form. */
    static SourceEvent of(JsonNode form) {
        return new SourceEvent(
                form.path("position").asLong(),
                form.path("session").asText(),
                form.path("id").asText(),
                Instant.ofEpochMilli(form.path("at").asLong()),
                Kind.valueOf(form.path("kind").asText()),
                form.path("key").asText(),
                form.path("text").asText(),
                form.path("repeated").asBoolean());
    }
}
