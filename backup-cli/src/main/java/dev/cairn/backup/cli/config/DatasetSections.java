package dev.cairn.backup.cli.config;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.IntegrityCheck;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code datasets}, and what refers to them by name. */
final class DatasetSections {

    private static final String TYPES = "files, sqlite, tables or host";
    private static final String EXPECTED = "{\"name\": …, \"type\": \"files\", \"path\": …}";
    private static final String NAME = "1 to 64 characters of a-z A-Z 0-9 . _ -, not beginning with a dot";
    private static final Map<String, Consistency> CONSISTENCIES = new LinkedHashMap<>();

    static {
        CONSISTENCIES.put("immutable", Consistency.IMMUTABLE);
        CONSISTENCIES.put("append-only", Consistency.APPEND_ONLY);
        CONSISTENCIES.put("in-barrier", Consistency.IN_BARRIER);
        CONSISTENCIES.put("fuzzy", Consistency.FUZZY);
    }

    private record OnDisk(Dataset dataset, Path path, Section section) {}

    private final Places places;
    private final Mistakes mistakes;
    private final Map<String, Place> names = new LinkedHashMap<>();
    private final List<OnDisk> onDisk = new ArrayList<>();
    private final List<HostDataset> ofHost = new ArrayList<>();

    DatasetSections(Places places, Mistakes mistakes) {
        this.places = places;
        this.mistakes = mistakes;
    }

    DatasetSections read(Section whole) {
        List<Section> sections = whole.sections("datasets", EXPECTED);
        if (!whole.has("datasets")) {
            whole.missing("datasets", "an array of " + EXPECTED);
        }
        sections.forEach(this::dataset);
        if (whole.has("datasets")
                && names.size() == sections.size()
                && onDisk.isEmpty()
                && ofHost.size() == names.size()) {
            whole.mistake("datasets", "there is no dataset on disk", "at least one of type files, sqlite or tables");
        }
        return this;
    }

    private void dataset(Section section) {
        Optional<String> name = section.requiredText("name", NAME);
        name.ifPresent(given -> named(section, given));
        Optional<String> type = section.requiredText("type", TYPES);
        switch (type.orElse("")) {
            case "files" -> onDisk(section, name, this::files);
            case "sqlite" -> onDisk(section, name, this::sqlite);
            case "tables" -> onDisk(section, name, this::tables);
            case "host" -> {
                String kind =
                        section.text("kind", "the kind that its snapshots name").orElse("state");
                name.ifPresent(given -> ofHost.add(new HostDataset(given, kind)));
            }
            case "" -> {
                return; // What else is allowed depends on the type.
            }
            default -> {
                String meant = Nearest.to(type.get(), List.of("files", "sqlite", "tables", "host"))
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse("");
                section.mistake("type", SecretText.shown(type.get()) + " cannot be 'type'" + meant, TYPES);
                return;
            }
        }
        section.end();
    }

    private void named(Section section, String name) {
        if (!isName(name)) {
            section.mistake("name", SecretText.shown(name) + " cannot be 'name'", NAME);
        }
        Place first = names.putIfAbsent(name, section.placeOf("name"));
        if (first != null) {
            section.mistake(
                    "name", "another dataset is named '" + name + "' (line " + first.line() + ")", "each name once");
        }
    }

    /** Makes a dataset of a section that has a name and a path. */
    private interface Kind {
        Dataset of(Section section, String name, Path path);
    }

    private void onDisk(Section section, Optional<String> name, Kind kind) {
        if (!section.has("path")) {
            section.missing("path", "where the live data lies");
        }
        Optional<Path> path = places.path(section, "path", "where the live data lies");
        // Also without a name or path: the other members are looked at, too.
        String allowedName = name.filter(DatasetSections::isName).orElse("unnamed");
        try {
            Dataset dataset = kind.of(section, allowedName, path.orElseGet(() -> Path.of("nowhere")));
            path.ifPresent(place -> onDisk.add(new OnDisk(dataset, place, section)));
        } catch (BackupException e) {
            section.mistake("path", e.getMessage(), "where the live data lies");
        }
    }

    private static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    }

    private Dataset files(Section section, String name, Path path) {
        Consistency consistency = section.parsed(
                        "consistency", String.join(", ", CONSISTENCIES.keySet()), DatasetSections::consistency)
                .orElse(Consistency.FUZZY);
        FilesDataset dataset = FilesDataset.of(name, path).consistency(consistency);
        dataset = globs(dataset, section, "include");
        dataset = globs(dataset, section, "exclude");
        return section.flag("optional") ? dataset.optional() : dataset;
    }

    private static Consistency consistency(String text) {
        Consistency consistency = CONSISTENCIES.get(text);
        if (consistency == null) {
            throw new IllegalArgumentException(text);
        }
        return consistency;
    }

    private FilesDataset globs(FilesDataset dataset, Section section, String name) {
        FilesDataset result = dataset;
        for (Located.Text glob : section.texts(name, "globs relative to 'path', such as logs/*.gz")) {
            try {
                result = name.equals("include") ? result.include(glob.value()) : result.exclude(glob.value());
            } catch (BackupException e) {
                mistakes.add(glob.place(), glob.shown() + " is no glob", "globs relative to 'path', such as logs/*.gz");
            }
        }
        return result;
    }

    private Dataset sqlite(Section section, String name, Path path) {
        SqliteDataset dataset = SqliteDataset.of(name, path);
        Optional<IntegrityCheck> check = section.parsed("integrity", "quick or full", text -> switch (text) {
            case "quick" -> IntegrityCheck.QUICK;
            case "full" -> IntegrityCheck.FULL;
            default -> throw new IllegalArgumentException(text);
        });
        if (check.isPresent()) {
            dataset = dataset.integrityCheck(check.get());
        }
        Optional<Section> counts = section.section("counts", "{\"<name>\": \"select count(*) from …\"}");
        for (String count : counts.map(Section::names).orElse(List.of())) {
            String query = counts.flatMap(all -> all.text(count, "a SELECT whose first row begins with a number"))
                    .orElse("");
            try {
                dataset = query.isEmpty() ? dataset : dataset.count(count, query);
            } catch (BackupException e) {
                counts.ifPresent(
                        all -> all.mistake(count, "'" + count + "' is no name of a count", "1 to 64 characters"));
            }
        }
        return section.flag("optional") ? dataset.optional() : dataset;
    }

    private Dataset tables(Section section, String name, Path path) {
        String allowed = "1 to 128 characters, each table once, none that begins with sqlite_";
        List<String> tables = section.texts("tables", allowed).stream()
                .map(Located.Text::value)
                .toList();
        boolean optional = section.flag("optional");
        if (!section.has("tables") || tables.isEmpty()) {
            section.mistake("tables", "'tables' names no table", "an array with at least one table");
            return SqliteTablesDataset.of(name, path, "none");
        }
        try {
            SqliteTablesDataset dataset = SqliteTablesDataset.of(name, path, tables.toArray(String[]::new));
            return optional ? dataset.optional() : dataset;
        } catch (BackupException e) {
            section.mistake("tables", tables + " cannot be 'tables'", allowed);
            return SqliteTablesDataset.of(name, path, "none");
        }
    }

    /** Tells datasets that contain what the engine writes, or lie in it. */
    void requireApart(Places all) {
        onDisk.forEach(one -> all.conflict(one.path())
                .ifPresent(conflict -> one.section()
                        .mistake(
                                "path",
                                conflict,
                                "datasets, repository, state, audit and keys apart from each other")));
    }

    /** The datasets that a section names; all if it names none. */
    DatasetSelection selection(Section section) {
        List<String> chosen = new ArrayList<>();
        for (Located.Text text : section.texts("datasets", "names of datasets")) {
            if (names.containsKey(text.value())) {
                chosen.add(text.value());
            } else {
                String meant = Nearest.to(text.value(), names.keySet())
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse("");
                mistakes.add(
                        text.place(),
                        text.shown() + " is no dataset of this file" + meant,
                        names.isEmpty() ? "none, since there are no datasets" : String.join(", ", names.keySet()));
            }
        }
        return chosen.isEmpty() ? DatasetSelection.all() : DatasetSelection.only(chosen.toArray(String[]::new));
    }

    List<Dataset> onDisk() {
        return onDisk.stream().map(OnDisk::dataset).toList();
    }

    List<HostDataset> ofHost() {
        return List.copyOf(ofHost);
    }
}
