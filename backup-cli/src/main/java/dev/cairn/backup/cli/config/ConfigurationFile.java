package dev.cairn.backup.cli.config;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.spi.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one configuration file, top down. */
final class ConfigurationFile {

    private static final int MOST_BYTES = 1 << 20;
    private static final String OWN_FOLDER = "a folder of its own, outside the repository and every dataset";
    private static final Map<String, SnapshotNaming> NAMINGS =
            Map.of("sequential", SnapshotNaming.sequential(), "timestamp", SnapshotNaming.timestamp());

    private final Path file;
    private final Mistakes mistakes = new Mistakes();

    ConfigurationFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    Configuration read() {
        Optional<Section> whole = new LocatedReader(mistakes).read(text()).flatMap(document -> {
            new SecretSearch(mistakes).in(document);
            return Section.of(document, "one JSON object", mistakes);
        });
        Optional<Configuration> read = whole.flatMap(this::configuration);
        mistakes.throwIfAny(file.toString());
        return read.orElseThrow(() -> new IllegalStateException("nothing was read of " + file + " and nothing told"));
    }

    private String text() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ConfigurationException(
                        "The configuration file " + file + " is larger than " + MOST_BYTES + " bytes",
                        "Give the right file with --config");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text; // What some editors put before it.
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(
                    "There is no configuration file " + file,
                    "Write one ('cairn config --example' prints one to begin with), or name another with --config or CAIRN_CONFIG");
        } catch (IOException e) {
            throw new ConfigurationException(
                    "The configuration file " + file + " cannot be read: " + e, "Make it readable, or name another");
        }
    }

    private Optional<Configuration> configuration(Section whole) {
        Places places = new Places(file.getParent() == null ? file : file.getParent());
        Optional<RepositorySettings> repository = new RepositorySection(places, mistakes).read(whole);
        Optional<Path> state = requiredPath(whole, "state", places);
        Optional<Path> scratch = path(whole, "scratch", places);
        Optional<Path> audit = path(whole, "audit", places);
        Optional<HostProcess> host =
                whole.section("host", "{\"name\": …, \"pidFile\": …}").flatMap(section -> host(section, places));
        SnapshotNaming naming = whole.text("naming", "sequential or timestamp")
                .map(name -> naming(whole, name))
                .orElseGet(SnapshotNaming::sequential);
        DatasetSections datasets = new DatasetSections(places, mistakes).read(whole);
        datasets.requireApart(places);
        List<Schedule> schedules = new ScheduleSections(datasets, mistakes).read(whole);
        Retention keepManual = whole.section("keepManual", KeepSection.EXPECTED)
                .flatMap(section -> new KeepSection(mistakes).read(section))
                .orElseGet(Retention::keepAll);
        List<Promise> objectives = new ArrayList<>();
        whole.sections("objectives", "{\"datasets\": […], \"rpo\": …, \"rto\": …, \"verified\": …}")
                .forEach(section -> promise(section, datasets).ifPresent(objectives::add));
        var maxAge = whole.duration("maxAge")
                .orElseGet(() -> SnapshotPolicy.defaults().maxAge());
        whole.end();
        if (repository.isEmpty() || state.isEmpty()) {
            return Optional.empty(); // The mistakes tell why.
        }
        List<Dataset> onDisk = datasets.onDisk();
        return Optional.of(new Configuration(
                file,
                repository.get(),
                state.get(),
                scratch,
                audit,
                host,
                maxAge,
                naming,
                onDisk,
                datasets.ofHost(),
                schedules,
                keepManual,
                objectives));
    }

    private static SnapshotNaming naming(Section whole, String name) {
        SnapshotNaming naming = NAMINGS.get(name);
        if (naming == null) {
            whole.mistake("naming", SecretText.shown(name) + " cannot be 'naming'", "sequential or timestamp");
            return SnapshotNaming.sequential();
        }
        return naming;
    }

    private static Optional<Path> requiredPath(Section whole, String name, Places places) {
        if (!whole.has(name)) {
            whole.value(name);
            whole.missing(name, OWN_FOLDER);
        }
        return path(whole, name, places);
    }

    private static Optional<Path> path(Section whole, String name, Places places) {
        return places.folder(whole, name, OWN_FOLDER);
    }

    private static Optional<HostProcess> host(Section section, Places places) {
        Optional<String> name = section.requiredText("name", "what messages call the host");
        Optional<Path> pidFile = places.path(section, "pidFile", "the file into which the host writes its process id");
        if (!section.has("pidFile")) {
            section.missing("pidFile", "the file into which the host writes its process id");
        }
        section.end();
        return name.flatMap(named -> pidFile.map(path -> new HostProcess(named, path)));
    }

    private static Optional<Promise> promise(Section section, DatasetSections datasets) {
        DatasetSelection selection = datasets.selection(section);
        Objective objective =
                new Objective(section.positive("rpo"), section.positive("rto"), section.positive("verified"));
        section.end();
        if (objective.equals(Objective.none())) {
            if (section.has("rpo") || section.has("rto") || section.has("verified")) {
                return Optional.empty(); // What is wrong with it has been told.
            }
            section.missing("rpo", "at least one of rpo, rto, verified");
            return Optional.empty();
        }
        return Optional.of(new Promise(selection, objective));
    }
}
