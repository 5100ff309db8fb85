package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.sonia.drill.EvaOs;
import dev.cairn.backup.examples.sonia.gateway.ApiGateway;
import dev.cairn.backup.examples.sonia.memory.MemoryService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts SONIA's services, each in a process of its own. */
public final class SoniaStack {

    private SoniaStack() {}

    /** The gateway. */
    public static RunningService gateway(SoniaPlace place, String... more) throws IOException {
        return start(ApiGateway.class, place, more);
    }

    /** The memory service. */
    public static RunningService memory(SoniaPlace place, String... more) throws IOException {
        return start(MemoryService.class, place, more);
    }

    /** The drill service. */
    public static RunningService evaOs(SoniaPlace place, String... more) throws IOException {
        return start(EvaOs.class, place, more);
    }

    private static RunningService start(Class<?> main, SoniaPlace place, String... more) throws IOException {
        return RunningService.start(main, place.root(), arguments(place, more).toArray(String[]::new));
    }

    /** Any of them, compiled as well as on a real machine: for a database of a real size. */
    public static RunningService inEarnest(Class<?> main, SoniaPlace place, String... more) throws IOException {
        return RunningService.startServer(
                main, place.root(), arguments(place, more).toArray(String[]::new));
    }

    /** Where things lie, as a command line says it after the folder. */
    public static List<String> arguments(SoniaPlace place, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--backups",
                place.backups().toString(),
                "--share",
                place.share().toString()));
        all.addAll(List.of(more));
        return all;
    }
}
