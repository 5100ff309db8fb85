package dev.cairn.backup.examples.agtmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cairn.backup.cursor.MonitorVerdict;
import dev.cairn.backup.cursor.MonitorWindows;
import dev.cairn.backup.cursor.SourceRange;
import dev.cairn.backup.examples.agtmux.operate.PostRestoreWatch;
import dev.cairn.backup.examples.agtmux.source.EventSource;
import dev.cairn.backup.examples.agtmux.source.OwnState;
import dev.cairn.backup.examples.agtmux.source.Reading;
import dev.cairn.backup.examples.agtmux.source.SourceLog;
import dev.cairn.backup.lifecycle.SourceHealth;
import dev.cairn.backup.lifecycle.SourceSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several threads of the host do at a time, each time in the one order that could hurt. */
class AgtmuxRaceTest {

    @TempDir
    Path temp;

    @Test
    void agtmux12_aSourceThatBecomesActiveWhileItIsLookedAtIsNotTakenForInactive() throws Exception {
        try (VirtualHost host =
                VirtualHost.in(temp, settings -> settings, "claude").start()) {
            PostRestoreWatch watch =
                    new PostRestoreWatch(event -> {}, host.time().host(), MonitorWindows.defaults());
            watch.begin(host.daemon().projection().cut());
            Instant restored = host.time().wall();
            SourceHealth stale = SourceHealth.registered("claude", restored).on(SourceSignal.LAPSED, restored);
            host.time().pass(Duration.ofMinutes(1));
            SourceHealth active = stale.on(SourceSignal.HELLO, host.time().wall())
                    .on(SourceSignal.CONFIRMED, host.time().wall());
            Thread telling = new Thread(() -> watch.changed(active));
            watch.look(() -> {
                telling.start();
                awaitEndOrBlock(telling);
                return List.of(stale); // As it stood when it was asked.
            });
            telling.join();
            watch.committed("claude", 0, 0);
            host.time().pass(Duration.ofMinutes(15));
            assertInstanceOf(MonitorVerdict.Passed.class, watch.verdict().orElseThrow());
        }
    }

    private static void awaitEndOrBlock(Thread thread) {
        long begin = System.nanoTime();
        while (thread.isAlive()
                && thread.getState() != Thread.State.BLOCKED
                && System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A source at which something else happens while it is read. */
    private record Meanwhile(SourceLog log, AtomicReference<Runnable> happens) implements EventSource {

        @Override
        public String name() {
            return log.name();
        }

        @Override
        public SourceRange hello() throws IOException {
            return log.hello();
        }

        @Override
        public Reading read(long from, int most) throws IOException {
            happens.getAndSet(() -> {}).run();
            return log.read(from, most);
        }

        @Override
        public OwnState state() throws IOException {
            return log.state();
        }

        @Override
        public void acknowledge(long position) throws IOException {
            log.acknowledge(position);
        }
    }

    /** A host that has read 100 events of such a source. */
    private AgtmuxHost reading(VirtualTime time, Meanwhile source) throws IOException {
        HostSettings settings = HostSettings.standard(temp.resolve("data"), temp.resolve("vault"), time.host());
        AgtmuxHost host = new AgtmuxHost(settings, List.of(source));
        host.supervisor().start();
        source.log().emit(100);
        host.turn();
        assertEquals(100, host.requireDaemon().projection().version());
        return host;
    }

    private Meanwhile source(VirtualTime time) throws IOException {
        return new Meanwhile(
                SourceLog.at("claude", temp.resolve("claude.log"), time.host().clock()),
                new AtomicReference<>(() -> {}));
    }

    @Test
    void agtmux18_aSourceThatIsRevokedWhileItIsReadDeliversNothingMore() throws Exception {
        VirtualTime time = new VirtualTime(Instant.parse("2026-03-02T00:00:00Z"));
        Meanwhile source = source(time);
        try (AgtmuxHost host = reading(time, source)) {
            source.log().emit(20);
            source.happens().set(() -> host.requireDaemon().projection().signal("claude", SourceSignal.REVOKED));
            host.turn();
            host.turn();
            assertEquals(100, host.requireDaemon().projection().version());
            host.requireDaemon().projection().signal("claude", SourceSignal.REGISTERED);
            host.gateway().revive("claude");
            host.turn();
            assertEquals(120, host.requireDaemon().projection().version());
        }
    }

    @Test
    void aPageThatIsReadWhileWhatIsInFlightIsDroppedGoesWithIt() throws Exception {
        VirtualTime time = new VirtualTime(Instant.parse("2026-03-02T00:00:00Z"));
        Meanwhile source = source(time);
        try (AgtmuxHost host = reading(time, source)) {
            source.log().emit(250);
            host.gateway().fetch();
            assertEquals(100, host.gateway().inFlight());
            source.happens().set(host.gateway()::clear);
            host.gateway().fetch();
            assertEquals(0, host.gateway().inFlight());
            assertFalse(host.requireDaemon().applyOnce());
            host.turn();
            assertEquals(350, host.requireDaemon().projection().version());
            assertEquals(source.log().truth(), host.requireDaemon().projection().view("claude"));
        }
    }
}
