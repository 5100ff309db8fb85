package dev.cairn.backup.examples.factory;

import dev.cairn.backup.examples.factory.tower.TowerClient;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.nio.file.Path;

/** The factory runtime's process: {@code FactoryHost <home> <vault> <port of the tower>}. Prints {@code READY <port>} when it serves, and ends in good order when its input ends. */
public final class FactoryHost {

    private FactoryHost() {}

    /** Runs until it is stopped, or whoever started it is gone. */
    public static void main(String[] args) throws Exception {
        FactoryPlace place = new FactoryPlace(Path.of(args[0]), Path.of(args[1]));
        FactoryRuntime factory = FactoryRuntime.open(place, new TowerClient(Integer.parseInt(args[2])));
        Restores restores = new Restores(factory);
        restores.afterRestart();
        JsonServer server = JsonServer.start(0);
        new FactoryApi(factory, restores).routes(server);
        Runtime.getRuntime().addShutdownHook(new Thread(factory::close));
        System.out.println("READY " + server.port());
        ChildJvm.awaitParentsEnd();
        System.exit(0);
    }
}
