package dev.cairn.backup.examples.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A call over HTTP.
 *
 * @param method GET, POST or another
 * @param path the path, without the query
 * @param query what the query says; the first value of each name
 * @param from what the socket says of the other end
 * @param body the body's text, possibly empty
 */
public record Call(String method, String path, Map<String, String> query, InetAddress from, String body) {

    static Call of(String method, URI uri, InetAddress from, String body) {
        return new Call(method, uri.getPath(), query(uri.getRawQuery()), from, body);
    }

    /** {@return a parameter of the query, if it is there and not blank} */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * The body, read; a missing node if it is empty.
     *
     * @throws MalformedJsonException if it is no JSON; answered with 400
     */
    public JsonNode json() {
        return Json.read(body);
    }

    private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
