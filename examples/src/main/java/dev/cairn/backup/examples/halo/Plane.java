package dev.cairn.backup.examples.halo;

import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A control plane that can be asked: one in this process, or one behind a socket. */
@FunctionalInterface
interface Plane {

    /** Asks. */
    Answer ask(String method, String path, Map<String, String> query, String body)
            throws IOException, InterruptedException;

    /** Asks without a body. @param query names and values in turn */
    default Answer get(String path, String... query) throws IOException, InterruptedException {
        return ask("GET", path, pairs(query), "");
    }

    /** Asks for a change. @param query names and values in turn */
    default Answer post(String path, String body, String... query) throws IOException, InterruptedException {
        return ask("POST", path, pairs(query), body);
    }

    private static Map<String, String> pairs(String... query) {
        Map<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < query.length; i += 2) {
            pairs.put(query[i], query[i + 1]);
        }
        return pairs;
    }

    /** The one that listens there, on loopback. */
    static Plane at(int port) {
        JsonClient client = new JsonClient(port);
        return (method, path, query, body) -> {
            String encoded = query.entrySet().stream()
                    .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&", path + "?", ""));
            return method.equals("POST") ? client.post(encoded, body) : client.get(encoded);
        };
    }
}
