package dev.cairn.backup.examples.agtmux;

import dev.cairn.backup.RestoreDryRun;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.examples.agtmux.source.SourceLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The host in virtual time and in this process, on real files: days pass in seconds, and nothing happens but what the caller makes happen. */
public final class VirtualHost implements AutoCloseable {

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-03-02T00:00:00Z"));
    private final List<SourceLog> sources = new ArrayList<>();
    private final HostSettings settings;
    private AgtmuxHost host;
    private @Nullable SnapshotMetadata newest;

    private VirtualHost(Path folder, UnaryOperator<HostSettings> with, List<String> names) throws IOException {
        for (String name : names) {
            sources.add(SourceLog.at(
                    name,
                    folder.resolve("sources").resolve(name + ".log"),
                    time.host().clock()));
        }
        settings = with.apply(HostSettings.standard(folder.resolve("data"), folder.resolve("vault"), time.host()));
        host = new AgtmuxHost(settings, List.copyOf(sources));
    }

    /** A host in the folder, not started, with sources of these names. */
    public static VirtualHost in(Path folder, UnaryOperator<HostSettings> with, String... names) throws IOException {
        return new VirtualHost(folder, with, List.of(names));
    }

    /** Starts it. */
    public VirtualHost start() {
        host.supervisor().start();
        host.turn();
        return this;
    }

    /** Time passes in steps; after each one all that is to be done is done. */
    public void pass(Duration time, Duration step) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            this.time.pass(step);
            host.turn();
        }
    }

    /** The clocks. */
    public VirtualTime time() {
        return time;
    }

    /** The host. */
    public AgtmuxHost host() {
        return host;
    }

    /** Its daemon, which must be up. */
    public Daemon daemon() {
        return host.requireDaemon();
    }

    /** A source. */
    public SourceLog source(int index) {
        return sources.get(index);
    }

    /** The newest snapshot. Asks the manager, which makes a line in the audit trail, only when the catalogue tells of a new one. */
    public SnapshotMetadata newest() {
        List<String> catalogue = daemon().projection().catalogue().ids();
        SnapshotId id = SnapshotId.of(catalogue.get(catalogue.size() - 1));
        SnapshotMetadata known = newest;
        if (known == null || !known.id().equals(id)) {
            known = daemon().manager().get(id);
            newest = known;
        }
        return known;
    }

    /** Whether the newest snapshot could be restored now without approval. */
    public boolean isRestorable() {
        return new RestoreDryRun(newest(), time.wall())
                .check(daemon().projection().version(), settings.policy().maxAge())
                .permitsRestore();
    }

    /** Whether the state is what the sources say, event for event. */
    public boolean isTrue() {
        return sources.stream()
                .allMatch(source -> daemon().projection().view(source.name()).equals(source.truth()));
    }

    /** Stops the host cleanly and starts it again as another process would. */
    public void restart() {
        host.close();
        host = new AgtmuxHost(settings, List.copyOf(sources));
        start();
    }

    @Override
    public void close() {
        host.close();
    }
}
