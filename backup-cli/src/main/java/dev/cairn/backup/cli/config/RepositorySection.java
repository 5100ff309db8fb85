package dev.cairn.backup.cli.config;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.spi.KeyProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code repository} and {@code keys}. */
final class RepositorySection {

    private static final String KEY =
            "{\"file\": \"…\"} or {\"environment\": \"…\"}; the key itself never stands in this file";
    private static final String TYPES = "packed or browsable";

    private final Places places;
    private final Mistakes mistakes;

    RepositorySection(Places places, Mistakes mistakes) {
        this.places = places;
        this.mistakes = mistakes;
    }

    Optional<RepositorySettings> read(Section whole) {
        String expected = "{\"type\": \"packed\", \"path\": …}";
        Optional<Section> section = whole.section("repository", expected);
        if (!whole.has("repository")) {
            whole.missing("repository", expected);
        }
        List<KeyProvider> keys = keys(whole);
        return section.flatMap(repository -> settings(repository, whole, keys));
    }

    private Optional<RepositorySettings> settings(Section section, Section whole, List<KeyProvider> keys) {
        Optional<String> type = section.requiredText("type", TYPES);
        if (!section.has("path")) {
            section.missing("path", "the repository's folder");
        }
        Optional<Path> path = places.path(section, "path", "the repository's folder");
        path.ifPresent(places::repository);
        path.flatMap(places::keyWithin)
                .ifPresent(key -> section.mistake(
                        "path",
                        "the key at " + key + " lies in the repository, so whoever gets the snapshots can read them",
                        "a folder without the key"));
        Optional<RepositorySettings> settings = type.flatMap(kind -> switch (kind) {
            case "packed" -> packed(whole, path, keys);
            case "browsable" -> browsable(section, whole, path);
            default -> {
                section.text("digest", "the name of a digest");
                section.mistake("type", SecretText.shown(kind) + " cannot be 'type'", TYPES);
                yield Optional.empty();
            }
        });
        section.end();
        return settings;
    }

    private Optional<RepositorySettings> packed(Section whole, Optional<Path> path, List<KeyProvider> keys) {
        if (!whole.has("keys")) {
            whole.missing("keys", "an array of " + KEY);
        } else if (whole.elements("keys", KEY).isEmpty()) {
            whole.mistake("keys", "there is no key in 'keys'", "at least one: " + KEY);
        }
        return keys.isEmpty() ? Optional.empty() : path.map(folder -> new RepositorySettings.Packed(folder, keys));
    }

    private Optional<RepositorySettings> browsable(Section section, Section whole, Optional<Path> path) {
        if (whole.has("keys")) {
            whole.mistake(
                    "keys",
                    "a browsable repository is plaintext and has no keys",
                    "no 'keys', or {\"type\": \"packed\", …} for an encrypted repository");
        }
        String digest = section.text("digest", "sha256, sha512, sha3-256 or whatever the JDK's providers name")
                .orElse("sha256");
        return path.flatMap(folder -> {
            try {
                BrowsableRepository.at(FileBlobStore.at(folder)).checksum(digest);
            } catch (BackupException e) {
                section.mistake(
                        "digest",
                        SecretText.shown(digest) + " cannot be 'digest'",
                        "sha256, sha512, sha3-256 or whatever the JDK's providers name");
                return Optional.empty();
            }
            return Optional.of(new RepositorySettings.Browsable(folder, digest));
        });
    }

    private List<KeyProvider> keys(Section whole) {
        List<KeyProvider> keys = new ArrayList<>();
        for (Located element : whole.elements("keys", "an array, each element " + KEY)) {
            if (element instanceof Located.Members members) {
                key(new Section(members, mistakes)).ifPresent(keys::add);
            } else {
                // Whatever it is, it may be a key: its value is not shown.
                mistakes.add(element.place(), "what stands here (not shown) is no object", KEY);
            }
        }
        return keys;
    }

    private Optional<KeyProvider> key(Section section) {
        Optional<KeyProvider> key = Optional.empty();
        Optional<Path> file = places.path(section, "file", "a file outside the repository and every dataset");
        if (file.isPresent()) {
            places.key(file.get());
            key = Optional.of(KeyFile.at(file.get()));
        }
        Optional<String> variable = section.text("environment", "the name of a variable of the environment");
        if (variable.isPresent()) {
            key = Optional.of(KeyProvider.environment(variable.get()));
        }
        boolean secret = false;
        for (String name : section.names()) {
            if (SecretText.namesSecret(name)) {
                section.value(name);
                section.mistake(name, "'" + name + "' would put a key into the file (its value is not shown)", KEY);
                secret = true;
            }
        }
        if (!secret && section.has("file") == section.has("environment")) {
            mistakes.add(section.place(), "a key needs exactly one of 'file' and 'environment'", KEY);
        }
        section.end();
        return key;
    }
}
