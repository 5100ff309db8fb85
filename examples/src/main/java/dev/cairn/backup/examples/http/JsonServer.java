package dev.cairn.backup.examples.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.OperationError;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that answers calls with JSON. Routes are exact: a method and a path. Thread-safe; calls run on threads of its own. */
public final class JsonServer implements AutoCloseable {

    private static final int LONGEST_BODY = 64 << 20;

    static {
        // Read when the first server is made. Else each answer over a connection that is kept waits some 40 ms for the
        // acknowledgement of its own header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Map<String, Handler> routes = new ConcurrentHashMap<>();

    /** Answers a call. */
    @FunctionalInterface
    public interface Handler {

        /** A {@link BackupException} is answered as {@link OperationError#of} says, a malformed body with 400, anything else with 500. */
        Answer answer(Call call) throws Exception;
    }

    private JsonServer(HttpServer server) {
        this.server = server;
    }

    /** Starts one that knows no route yet. @param port where, 0 for a free one */
    public static JsonServer start(int port) throws IOException {
        JsonServer started =
                new JsonServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16));
        started.server.setExecutor(started.threads);
        started.server.createContext("/", started::handle);
        started.server.start();
        return started;
    }

    /** Adds a route. */
    public JsonServer route(String method, String path, Handler handler) {
        routes.put(method + " " + path, handler);
        return this;
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Call call = Call.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRemoteAddress().getAddress(),
                body(exchange));
        Handler handler = routes.get(call.method() + " " + call.path());
        if (handler == null) {
            return Answer.of(404, Map.of("error", "not_found"));
        }
        try {
            return handler.answer(call);
        } catch (MalformedJsonException e) {
            return Answer.of(400, Map.of("error", "malformed_json", "message", String.valueOf(e.getMessage())));
        } catch (BackupException e) {
            OperationError error = OperationError.of(e);
            return new Answer(error.status(), error.json());
        } catch (Exception e) {
            return Answer.of(500, Map.of("error", "internal", "message", e.toString()));
        }
    }

    private static String body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            return new String(in.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
        }
    }

    /** Stops at once; calls that are under way are cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
