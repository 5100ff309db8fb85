package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.cli.config.InvalidConfigurationException;
import dev.cairn.backup.cli.config.Mistake;
import dev.cairn.backup.cli.config.Place;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code config/magds.json} and tells every mistake with its place. Touches nothing that the file names. */
final class MagdsConfigFile {

    private static final String AT = "/magds/backup";
    private static final String TYPES = "file, directory or sqlite";

    private final MagdsPlace place;
    private final KeyPlaces places;
    private final JsonNode backup;
    private final List<Mistake> mistakes = new ArrayList<>();

    private MagdsConfigFile(MagdsPlace place, KeyPlaces places, JsonNode backup) {
        this.place = place;
        this.places = places;
        this.backup = backup;
    }

    /**
     * What the file says.
     *
     * @throws InvalidConfigurationException if it has mistakes
     * @throws ConfigurationException if it cannot be read
     */
    static MagdsConfig read(MagdsPlace place) {
        String name = place.root().relativize(place.config()).toString();
        String text;
        try {
            text = Files.readString(place.config());
        } catch (IOException e) {
            throw new ConfigurationException(
                    "The configuration " + place.config() + " cannot be read: " + e,
                    "Write one with at least magds.backup.datasets, or change to the application's folder");
        }
        try {
            MagdsConfigFile file = new MagdsConfigFile(
                    place, new KeyPlaces(text), Json.MAPPER.readTree(text).at(AT));
            MagdsConfig config = file.read();
            if (!file.mistakes.isEmpty()) {
                file.mistakes.sort(Comparator.<Mistake>comparingInt(
                                mistake -> mistake.place().line())
                        .thenComparingInt(mistake -> mistake.place().column()));
                throw new InvalidConfigurationException(name, file.mistakes);
            }
            return config;
        } catch (JsonProcessingException e) {
            Place at = e.getLocation() == null
                    ? new Place("", 1, 1)
                    : new Place("", e.getLocation().getLineNr(), e.getLocation().getColumnNr());
            throw new InvalidConfigurationException(
                    name, List.of(new Mistake(at, "no JSON: " + e.getOriginalMessage(), "JSON")));
        } catch (IOException e) {
            throw new IllegalStateException("a text has no device that could fail", e);
        }
    }

    private MagdsConfig read() {
        onlyKnown("", backup, "enabled", "path", "datasets", "verification", "retention");
        onlyKnown("/verification", backup.path("verification"), "algorithm");
        onlyKnown("/retention", backup.path("retention"), "max_count");
        JsonNode enabled = backup.path("enabled");
        if (!enabled.isMissingNode() && !enabled.isBoolean()) {
            wrong("/enabled", enabled, "true or false");
        }
        JsonNode count = backup.path("retention").path("max_count");
        if (!count.isMissingNode() && !count.canConvertToInt()) {
            wrong("/retention/max_count", count, "a whole number; 0 or less keeps all");
        }
        Path path = path("/path", backup.path("path").asText("storage/backups/"));
        String algorithm = backup.path("verification").path("algorithm").asText("sha256");
        try {
            BrowsableRepository.at(FileBlobStore.at(path)).checksum(algorithm);
        } catch (ConfigurationException e) {
            mistake(
                    "/verification/algorithm",
                    "'" + algorithm + "' is unknown to this JDK",
                    "such as sha256, sha512 or sha3-256");
        }
        return new MagdsConfig(enabled.asBoolean(true), path, datasets(), algorithm, count.asInt(5));
    }

    private List<Source> datasets() {
        List<Source> sources = new ArrayList<>();
        JsonNode list = backup.path("datasets");
        if (!list.isArray() || list.isEmpty()) {
            mistake("/datasets", "there is nothing to back up", "at least one {name, source, type}");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            source("/datasets/" + i, list.path(i), names, sources);
        }
        return sources;
    }

    private void source(String at, JsonNode dataset, Set<String> names, List<Source> into) {
        onlyKnown(at, dataset, "name", "source", "type", "optional");
        String name = dataset.path("name").asText();
        String source = dataset.path("source").asText();
        String type = dataset.path("type").asText();
        int before = mistakes.size();
        if (!names.add(name)) {
            mistake(at + "/name", "another dataset is named '" + name + "'", "each name once");
        }
        if (source.isBlank()) {
            wrong(at + "/source", dataset.path("source"), "the path of what is backed up");
        }
        if (Stream.of(Source.Type.values())
                .noneMatch(known -> known.name().toLowerCase(Locale.ROOT).equals(type))) {
            wrong(at + "/type", dataset.path("type"), TYPES);
        }
        JsonNode optional = dataset.path("optional");
        if (!optional.isMissingNode() && !optional.isBoolean()) {
            wrong(at + "/optional", optional, "true or false");
        }
        Path path = path(at + "/source", source);
        try {
            FilesDataset.of(name, path);
        } catch (InvalidValueException e) {
            wrong(
                    at + "/name",
                    dataset.path("name"),
                    "1 to 64 characters of a-z A-Z 0-9 . _ -, not beginning with a dot");
        }
        if (mistakes.size() == before) {
            into.add(new Source(
                    name, path, Source.Type.valueOf(type.toUpperCase(Locale.ROOT)), optional.asBoolean(false)));
        }
    }

    private Path path(String at, String text) {
        try {
            return place.root().resolve(text).normalize();
        } catch (InvalidPathException e) {
            mistake(at, "'" + text + "' is no path", "a path, absolute or relative to " + place.root());
            return place.root();
        }
    }

    private void onlyKnown(String at, JsonNode object, String... known) {
        if (!object.isMissingNode() && !object.isObject()) {
            wrong(at, object, "an object with " + String.join(", ", known));
        }
        object.properties().forEach(member -> {
            if (!List.of(known).contains(member.getKey())) {
                mistake(
                        at + "/" + member.getKey(),
                        "'" + member.getKey() + "' is not known here",
                        String.join(", ", known));
            }
        });
    }

    private void wrong(String at, JsonNode value, String allowed) {
        mistake(at, value.isMissingNode() ? "it is missing" : value + " cannot be that", allowed);
    }

    private void mistake(String at, String problem, String allowed) {
        mistakes.add(new Mistake(places.of(AT + at), problem, allowed));
    }
}
