package dev.cairn.backup.examples.agtmux.source;

import dev.cairn.backup.cursor.SourceRange;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sources in a process of their own, so that they outlive the daemon. Those who read them and those who make things happen talk to it over HTTP. */
public final class SourceProcess {

    private final Map<String, SourceLog> sources = new LinkedHashMap<>();

    private SourceProcess() {}

    /**
     * Serves until it is killed, or its parent is gone or closes its input.
     *
     * @param args the folder of the logs, the port (0 for a free one), then the sources' names
     */
    public static void main(String[] args) throws IOException {
        SourceProcess process = new SourceProcess();
        for (int i = 2; i < args.length; i++) {
            process.sources.put(
                    args[i], SourceLog.at(args[i], Path.of(args[0], args[i] + ".log"), InstantSource.system()));
        }
        JsonServer server = process.serve(Integer.parseInt(args[1]));
        ChildJvm.endWithParent();
        System.out.println("READY " + server.port());
    }

    private JsonServer serve(int port) throws IOException {
        return JsonServer.start(port)
                .route("GET", "/hello", call -> Answer.ok(range(source(call).hello())))
                .route("GET", "/events", call -> events(source(call).read(number(call, "from"), count(call, "most"))))
                .route("GET", "/state", call -> state(source(call).state()))
                .route("GET", "/truth", call -> truth(source(call)))
                .route("POST", "/ack", call -> done(() -> source(call).acknowledge(number(call, "position"))))
                .route("POST", "/emit", call -> done(() -> source(call).emit(count(call, "count"))))
                .route("POST", "/repeat", call -> done(() -> source(call).repeat(count(call, "count"))))
                .route("POST", "/lose", call -> done(() -> source(call).lose(count(call, "count"))))
                .route("POST", "/reincarnate", call -> done(() -> source(call).reincarnate()))
                .route("POST", "/invalidate", call -> done(() -> source(call).invalidate(count(call, "times"))))
                .route(
                        "POST",
                        "/silence",
                        call -> done(() -> source(call)
                                .silence(call.parameter("on").orElse("true").equals("true"))));
    }

    private SourceLog source(Call call) {
        String name = call.parameter("source").orElse("");
        SourceLog found = sources.get(name);
        if (found == null) {
            throw new IllegalArgumentException("source is '" + name + "', there are " + sources.keySet());
        }
        return found;
    }

    private static long number(Call call, String parameter) {
        return Long.parseLong(call.parameter(parameter).orElse("0"));
    }

    private static int count(Call call, String parameter) {
        return Math.toIntExact(number(call, parameter));
    }

    private static Map<String, Object> range(SourceRange range) {
        return Map.of("incarnation", range.incarnation(), "beginning", range.beginning(), "end", range.end());
    }

    private static Answer events(Reading reading) {
        if (reading instanceof Reading.Page page) {
            return Answer.ok(Map.of(
                    "events", page.events().stream().map(SourceEvent::sent).toList(), "end", page.end()));
        }
        return Answer.ok(Map.of("invalid", ((Reading.Invalid) reading).reason()));
    }

    private static Answer state(OwnState state) {
        return Answer.ok(Map.of(
                "incarnation",
                state.incarnation(),
                "position",
                state.position(),
                "view",
                state.view().form()));
    }

    private static Answer truth(SourceLog source) throws IOException {
        return Answer.ok(Map.of("view", source.truth().form(), "bytes", source.bytes()));
    }

    /** Something to do that may fail. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static Answer done(Action action) throws IOException {
        action.run();
        return Answer.ok(Map.of("done", true));
    }
}
