package dev.cairn.backup.cli;

import dev.cairn.backup.Actor;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.config.RepositorySettings;
import dev.cairn.backup.cli.output.Output;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.SnapshotRepository;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One command while it runs: what it was told, and what it works with. Used by one thread. */
public final class Invocation {

    private final Surroundings around;
    private final CommonOptions options;
    private final Output output;
    private @Nullable Configuration configuration;

    Invocation(Surroundings around, CommonOptions options) {
        this.around = around;
        this.options = options;
        this.output = options.output(around);
    }

    /** What it finds around it. */
    public Surroundings around() {
        return around;
    }

    /** Where it answers. */
    public Output output() {
        return output;
    }

    /** Cancelled by Ctrl-C. */
    public CancellationToken cancellation() {
        return around.cancellation();
    }

    /** Who calls. */
    public Actor actor() {
        return Actor.of(options.actor().orElse(around.user()));
    }

    /**
     * What the configuration file says; read once.
     *
     * @throws dev.cairn.backup.cli.config.InvalidConfigurationException if it has mistakes
     */
    public Configuration configuration() {
        Configuration known = configuration;
        if (known == null) {
            known = Configuration.read(options.configuration(around));
            configuration = known;
        }
        return known;
    }

    /**
     * Opens the repository in the place of the host, to look at it and to restore: nothing is scheduled, and retention knows no schedules.
     *
     * @throws HostRunsException if the host runs
     * @throws ConfigurationException if there is no repository yet
     * @throws StoreException if its folder is not there
     */
    public Session standIn() {
        return open(builder -> builder.datasets(configuration().hostDatasets()).openWhileHostIsDown());
    }

    /**
     * Opens the repository to take snapshots and to apply retention. Schedules are known, and run by {@link dev.cairn.backup.SnapshotManager#runIfDue} only.
     *
     * @param with what else is wanted
     * @throws HostRunsException if the host runs
     * @throws ConfigurationException if there is no repository yet
     * @throws StoreException if its folder is not there
     * @throws dev.cairn.backup.RestorePendingException if a restore waits for the host's next start
     */
    public Session operate(UnaryOperator<CairnBuilder> with) {
        return operate(configuration().schedules(), with);
    }

    /** The same with other schedules. */
    public Session operate(List<Schedule> schedules, UnaryOperator<CairnBuilder> with) {
        return open(builder ->
                with.apply(scheduled(builder, schedules)).schedulesRunByHost().open());
    }

    /** The same with schedules that run by themselves. */
    public Session serve(UnaryOperator<CairnBuilder> with) {
        return open(builder ->
                with.apply(scheduled(builder, configuration().schedules())).open());
    }

    private Session open(Function<CairnBuilder, SnapshotManager> how) {
        requireHostDown();
        requireRepository();
        return telling(Session.open(configuration(), actor(), how));
    }

    /** Says what became of restores that had been interrupted. */
    private Session telling(Session session) {
        session.recovered().restores().forEach(restore -> {
            boolean finished = restore.outcome() == RecoveryReport.Outcome.FINISHED;
            String rest = restore.awaiting().isEmpty()
                    ? ""
                    : "; the values of " + restore.awaiting() + " wait for the host's next start";
            output.remark(restore.restoreId() + " of " + restore.target() + " had been interrupted and was "
                    + (finished ? "finished" : "undone: all is as before it") + rest);
        });
        return session;
    }

    /**
     * Opens the repository alone, to look at what is in it. The host may run meanwhile.
     *
     * @throws ConfigurationException if there is no repository yet
     * @throws StoreException if its folder is not there
     */
    public SnapshotRepository reading() {
        requireRepository();
        SnapshotRepository repository = configuration().repository().repository();
        try {
            repository.open();
            return repository;
        } catch (RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    private static CairnBuilder scheduled(CairnBuilder builder, List<Schedule> schedules) {
        schedules.forEach(schedule ->
                builder.schedule(schedule.name(), schedule.when(), schedule.datasets(), schedule.retention()));
        return builder;
    }

    /** @throws HostRunsException if the configured host runs */
    public void requireHostDown() {
        configuration()
                .host()
                .ifPresent(host -> host.running().ifPresent(process -> {
                    throw new HostRunsException(host.name(), process, host.pidFile());
                }));
    }

    /** Whether there is a repository where the configuration says. */
    public boolean hasRepository() {
        RepositorySettings repository = configuration().repository();
        String description = repository instanceof RepositorySettings.Packed ? "cairn.json" : ".cairn/repository.json";
        try (FileBlobStore store = FileBlobStore.at(repository.path())) {
            return store.stat(BlobName.of(description)).isPresent();
        }
    }

    /**
     * Without this a path with a typing error would become a new and empty repository.
     *
     * @throws ConfigurationException if there is no repository yet
     * @throws StoreException if its folder is not there
     */
    public void requireRepository() {
        RepositorySettings repository = configuration().repository();
        if (!Files.isDirectory(repository.path())) {
            throw new StoreException(
                    StoreException.Reason.UNREACHABLE,
                    "The repository's folder " + repository.path() + " is not there",
                    "Mount its disk, correct /repository/path in "
                            + configuration().file() + ", or run 'cairn init' to make a new repository",
                    null);
        }
        if (!hasRepository()) {
            throw new ConfigurationException(
                    "There is no " + repository.type() + " repository in " + repository.path(),
                    "Run 'cairn init' to make one, or correct /repository in "
                            + configuration().file());
        }
    }
}
