package dev.cairn.backup.examples.agtmux;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.core.lasting.RestartBudgets;
import dev.cairn.backup.cursor.MonitorWindows;
import dev.cairn.backup.examples.agtmux.daemon.AgtmuxBackups;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.examples.agtmux.daemon.Gateway;
import dev.cairn.backup.examples.agtmux.operate.Alerts;
import dev.cairn.backup.examples.agtmux.operate.OperatorApi;
import dev.cairn.backup.examples.agtmux.operate.PostRestoreWatch;
import dev.cairn.backup.examples.agtmux.operate.Supervisor;
import dev.cairn.backup.examples.agtmux.source.EventSource;
import dev.cairn.backup.examples.agtmux.source.RemoteSource;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.lifecycle.ActionRunner;
import dev.cairn.backup.lifecycle.DependencyGate;
import dev.cairn.backup.lifecycle.ShutdownRecord;
import dev.cairn.backup.lifecycle.StartupSequence;
import dev.cairn.backup.lifecycle.StartupStage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The whole host: a supervisor with its four stages (the sources, which are processes of their own, the gateway, the daemon, the UI) and what belongs to none of them because it outlives each: alerts,
 * the watch after a restore, the operator's console.
 */
public final class AgtmuxHost implements AutoCloseable {

    private final HostSettings settings;
    private final List<EventSource> sources;
    private final Alerts alerts = new Alerts();
    private final PostRestoreWatch watch;
    private final FileBlobStore budgetStore;
    private final Supervisor supervisor;
    private volatile Map<String, String> incarnations = Map.of();
    private volatile @Nullable Gateway gateway;
    private volatile @Nullable Daemon daemon;
    private volatile @Nullable JsonServer ui;
    private volatile @Nullable ShutdownRecord lastStop;

    /** @param sources where events come from */
    public AgtmuxHost(HostSettings settings, List<EventSource> sources) {
        this.settings = settings;
        this.sources = List.copyOf(sources);
        this.watch = new PostRestoreWatch(alerts, settings.time(), settings.windows());
        this.budgetStore = new AgtmuxBackups(settings).state();
        StartupSequence stages = StartupSequence.of(
                        stages(), settings.time().ticker(), settings.time().waiter(), ActionRunner.onCallerThread())
                .probingEvery(Duration.ofMillis(20));
        this.supervisor = new Supervisor(
                stages,
                RestartBudgets.in(budgetStore, settings.restarts()),
                alerts,
                settings.time(),
                new SplittableRandom(),
                () -> daemon().flatMap(Daemon::failure));
    }

    private List<StartupStage> stages() {
        List<String> names = DependencyGate.STANDARD_ORDER;
        return List.of(
                StartupStage.of(names.get(0), () -> {}).readyWhen(this::greet).within(Duration.ofSeconds(10)),
                StartupStage.of(names.get(1), () -> gateway = new Gateway(sources, settings.time(), watch).start())
                        .stoppedBy(this::stopGateway),
                StartupStage.of(names.get(2), this::startDaemon).stoppedBy(this::stopDaemon),
                StartupStage.of(names.get(3), this::startUi).stoppedBy(this::stopUi));
    }

    /** Whether every source says hello. */
    private boolean greet() {
        Map<String, String> found = new TreeMap<>();
        try {
            for (EventSource source : sources) {
                found.put(source.name(), source.hello().incarnation());
            }
        } catch (IOException e) {
            return false;
        }
        incarnations = found;
        return true;
    }

    private void stopGateway() throws InterruptedException {
        gateway().close();
        gateway = null;
    }

    private void startDaemon() {
        daemon = Daemon.start(settings, gateway(), incarnations, alerts);
    }

    private void stopDaemon() {
        Daemon running = requireDaemon();
        lastStop = running.stop();
        daemon = null;
    }

    private void startUi() throws IOException {
        ui = JsonServer.start(0)
                .route(
                        "GET",
                        "/list_panes",
                        call -> Answer.ok(requireDaemon().projection().listPanes()))
                .route(
                        "GET",
                        "/list_sessions",
                        call -> Answer.ok(requireDaemon().projection().listSessions()))
                .route(
                        "GET",
                        "/view",
                        call -> Answer.ok(requireDaemon()
                                .projection()
                                .view(call.parameter("source").orElse(""))
                                .form()));
    }

    private void stopUi() {
        JsonServer open = ui;
        if (open != null) {
            open.close();
            ui = null;
        }
    }

    /** Opens the state and its backups while the stages are down. */
    public Daemon openForMaintenance() {
        return Daemon.forMaintenance(settings, new Gateway(List.of(), settings.time(), watch), alerts);
    }

    /** The daemon; empty while it is down. */
    public Optional<Daemon> daemon() {
        return Optional.ofNullable(daemon);
    }

    /** @throws BackupBusyException while it is down */
    public Daemon requireDaemon() {
        return daemon().orElseThrow(() -> new BackupBusyException(
                "The daemon is down: " + supervisor.state(), "Wait until it is up; see /status"));
    }

    /** @throws BackupBusyException while it is down */
    public Gateway gateway() {
        Gateway open = gateway;
        if (open == null) {
            throw new BackupBusyException("The gateway is down", "Wait until it is up; see /status");
        }
        return open;
    }

    /** Where everything is told. */
    public Alerts alerts() {
        return alerts;
    }

    /** The watch over the sources. */
    public PostRestoreWatch watch() {
        return watch;
    }

    /** What keeps the stages up. */
    public Supervisor supervisor() {
        return supervisor;
    }

    /** How it is configured. */
    public HostSettings settings() {
        return settings;
    }

    /** Its time. */
    public HostTime time() {
        return settings.time();
    }

    /** Where the UI listens; 0 while it is down. */
    public int uiPort() {
        JsonServer open = ui;
        return open == null ? 0 : open.port();
    }

    /** What the last clean stop took. */
    public Optional<SnapshotId> lastShutdownSnapshot() {
        return Optional.ofNullable(lastStop).flatMap(ShutdownRecord::snapshot).flatMap(report -> report.snapshot());
    }

    /** One turn of everything, in virtual time: all that there is is fetched and applied, and what is due is done. */
    public void turn() {
        supervisor.look();
        Daemon running = daemon;
        if (running != null) {
            while (gateway().fetch() | running.applyOnce()) {
                // Until nothing is left.
            }
            running.careOnce();
            watch.look(running.projection()::health);
        }
    }

    /** Looks after the stages and the sources. Whatever it meets, it is called again: a daemon that is just going down cannot tell how its sources stand. */
    private void lookAfter() {
        try {
            supervisor.look();
            daemon().ifPresent(running -> watch.look(running.projection()::health));
        } catch (RuntimeException e) {
            System.err.println("agtmux: could not look after the stages, which is tried again: " + e);
        }
    }

    /** A clean stop. */
    @Override
    public void close() {
        supervisor.stop();
        budgetStore.close();
    }

    /**
     * Serves until it is told to stop or is killed, or until its parent is gone or closes its input.
     *
     * @param args the data folder, the vault, the port of the sources' process, their names with commas, then options: {@code policy=<interval>/<kept>/<maxAge>}, {@code horizon=<duration>},
     *     {@code watch=<quiet>/<afterResync>/<degraded>}
     */
    public static void main(String[] args) throws IOException {
        HostSettings settings = configured(
                HostSettings.standard(Path.of(args[0]), Path.of(args[1]), HostTime.real()),
                Arrays.asList(args).subList(4, args.length));
        JsonClient client = new JsonClient(Integer.parseInt(args[2]));
        List<EventSource> sources = new ArrayList<>();
        for (String name : args[3].split(",", -1)) {
            sources.add(new RemoteSource(name, client));
        }
        AgtmuxHost host = new AgtmuxHost(settings, sources);
        host.supervisor.start();
        Runtime.getRuntime().addShutdownHook(new Thread(host::close));
        JsonServer console = new OperatorApi(host).on(JsonServer.start(0)).route("POST", "/stop", call -> {
            new Thread(() -> System.exit(0)).start();
            return Answer.ok(Map.of("stopping", true));
        });
        System.out.println("READY " + console.port());
        ChildJvm.endWithParent();
        while (true) {
            host.lookAfter();
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static HostSettings configured(HostSettings standard, List<String> options) {
        HostSettings settings = standard;
        for (String option : options) {
            String[] parts = option.substring(option.indexOf('=') + 1).split("/", -1);
            switch (option.substring(0, option.indexOf('='))) {
                case "policy" ->
                    settings = settings.policy(new SnapshotPolicy(
                            Duration.parse(parts[0]), Integer.parseInt(parts[1]), Duration.parse(parts[2])));
                case "horizon" -> settings = settings.horizon(Duration.parse(parts[0]));
                case "watch" ->
                    settings = settings.windows(new MonitorWindows(
                            Duration.parse(parts[0]), Duration.parse(parts[1]), Duration.parse(parts[2])));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return settings;
    }
}
