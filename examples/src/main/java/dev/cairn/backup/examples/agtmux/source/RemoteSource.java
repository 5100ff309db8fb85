package dev.cairn.backup.examples.agtmux.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.cursor.SourceRange;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.examples.http.MalformedJsonException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A source in another process.
 *
 * @param name its name
 * @param client where the process listens
 */
public record RemoteSource(String name, JsonClient client) implements EventSource {

    @Override
    public SourceRange hello() throws IOException {
        JsonNode answer = call("GET", "/hello?source=" + name);
        return new SourceRange(
                answer.path("incarnation").asText(),
                answer.path("beginning").asLong(),
                answer.path("end").asLong());
    }

    @Override
    public Reading read(long from, int most) throws IOException {
        JsonNode answer = call("GET", "/events?source=" + name + "&from=" + from + "&most=" + most);
        if (answer.has("invalid")) {
            return new Reading.Invalid(answer.path("invalid").asText());
        }
        List<SourceEvent> events = new ArrayList<>();
        answer.path("events").forEach(event -> events.add(SourceEvent.of(event)));
        return new Reading.Page(events, answer.path("end").asLong());
    }

    @Override
    public OwnState state() throws IOException {
        JsonNode answer = call("GET", "/state?source=" + name);
        return new OwnState(
                answer.path("incarnation").asText(),
                answer.path("position").asLong(),
                SourceView.of(answer.path("view")));
    }

    @Override
    public void acknowledge(long position) throws IOException {
        call("POST", "/ack?source=" + name + "&position=" + position);
    }

    private JsonNode call(String method, String path) throws IOException {
        try {
            Answer answer = method.equals("GET") ? client.get(path) : client.post(path, "");
            if (answer.status() != 200) {
                throw new IOException("source '" + name + "' answers " + answer.status() + ": " + answer.body());
            }
            return answer.json();
        } catch (MalformedJsonException e) {
            throw new IOException("source '" + name + "' answers what is no JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("asking source '" + name + "'").initCause(e);
        }
    }
}
