package dev.cairn.backup.examples.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What an operator types, or another service calls. Thread-safe. */
public final class JsonClient {

    /** A call that takes longer is a fault. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String root;

    /** @param port where the server listens, on loopback */
    public JsonClient(int port) {
        this.root = "http://127.0.0.1:" + port;
    }

    /** @param path with the query, encoded */
    public Answer get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    /** @param path with the query, encoded @param body the body's text; for JSON */
    public Answer post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path);
    }

    private Answer send(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request.uri(URI.create(root + path))
                        .timeout(LONGEST)
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }
}
