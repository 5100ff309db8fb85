package dev.cairn.backup.examples.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * An answer over HTTP.
 *
 * @param status the status code
 * @param body the body's text, JSON
 */
public record Answer(int status, String body) {

    /** 200 with a value, written by Jackson. */
    public static Answer ok(Object value) {
        return of(200, value);
    }

    /** Any status with a value, written by Jackson. */
    public static Answer of(int status, Object value) {
        try {
            return new Answer(status, Json.MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of a " + value.getClass(), e);
        }
    }

    /** The body, read; a missing node if it is empty. */
    public JsonNode json() {
        return Json.read(body);
    }

    /** {@return the text of a field of the body, empty if there is none} */
    public String text(String field) {
        return json().path(field).asText();
    }
}
