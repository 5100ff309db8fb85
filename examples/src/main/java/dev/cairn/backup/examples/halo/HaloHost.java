package dev.cairn.backup.examples.halo;

import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;

/** HALO as a process. Prints {@code READY <port>} and serves until it is killed or its parent closes its input. */
public final class HaloHost {

    static final String READY = "READY";
    static final String STAYING = "STAYING";

    /** For rehearsals: stays behind the swap of a restore, when all is new and nothing is decided, to be killed there. */
    static final String STAY = "--stay-behind-swap";

    private HaloHost() {}

    /** @param args {@code HALO_HOME}, and {@value #STAY} */
    public static void main(String[] args) throws IOException {
        HaloHome home = new HaloHome(Path.of(args[0]));
        boolean stays = args.length > 1 && args[1].equals(STAY);
        try (HaloServer halo = stays
                        ? HaloServer.open(home, builder -> builder.restoreHooks(() -> {}, HaloHost::untilKilled))
                        : HaloServer.open(home);
                JsonServer server = halo.serve(0)) {
            System.out.println(READY + " " + server.port());
            ChildJvm.awaitParentsEnd();
        }
    }

    private static void untilKilled() {
        System.out.println(STAYING);
        ChildJvm.awaitParentsEnd();
        Runtime.getRuntime().halt(3); // Nobody is left who would kill it.
    }
}
