package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** How long a service lives: until {@code POST /v1/stop}, or until whoever started it is gone. */
public final class Lifetime {

    private final CountDownLatch end = new CountDownLatch(1);

    /** Says where the service listens, and answers when it is to end. */
    public static void of(JsonServer server) throws InterruptedException {
        Lifetime lifetime = new Lifetime();
        server.route("POST", "/v1/stop", call -> {
            lifetime.end.countDown();
            return Answer.ok(Map.of("status", "stopping"));
        });
        ChildJvm.whenParentEnds(lifetime.end::countDown);
        System.out.println(RunningService.READY + " " + server.port());
        lifetime.end.await();
    }
}
