package dev.cairn.backup.cli.config;

import dev.cairn.backup.BackupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of the file, asked for one member after the other. What it is asked for is what it may have: {@link #end} names everything else. Answers are empty where something is missing or wrong;
 * the mistakes tell which. Not thread-safe.
 */
final class Section {

    private final Located.Members object;
    private final Mistakes mistakes;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Located.Members object, Mistakes mistakes) {
        this.object = object;
        this.mistakes = mistakes;
    }

    /** The section that a value is; empty, and a mistake, if it is none. */
    static Optional<Section> of(Located value, String expected, Mistakes mistakes) {
        if (value instanceof Located.Members members) {
            return Optional.of(new Section(members, mistakes));
        }
        mistakes.add(value.place(), value.shown() + " is no object", expected);
        return Optional.empty();
    }

    Place place() {
        return object.place();
    }

    /** Where a member stands; where the section does if it is missing. */
    Place placeOf(String name) {
        Located.Member member = object.members().get(name);
        return member == null ? place() : member.value().place();
    }

    boolean has(String name) {
        return object.members().containsKey(name);
    }

    void mistake(String name, String problem, String allowed) {
        mistakes.add(placeOf(name), problem, allowed);
    }

    /** Names a member that is missing. */
    void missing(String name, String allowed) {
        mistakes.add(place(), "'" + name + "' is missing", allowed);
    }

    Optional<Located> value(String name) {
        known.add(name);
        return Optional.ofNullable(object.members().get(name)).map(Located.Member::value);
    }

    Optional<String> text(String name, String allowed) {
        return value(name).flatMap(value -> textOf(value, allowed));
    }

    private Optional<String> textOf(Located value, String allowed) {
        if (value instanceof Located.Text text && !text.value().isBlank()) {
            return Optional.of(text.value());
        }
        mistakes.add(value.place(), value.shown() + " is no text with something in it", allowed);
        return Optional.empty();
    }

    Optional<String> requiredText(String name, String allowed) {
        if (!has(name)) {
            known.add(name);
            missing(name, allowed);
            return Optional.empty();
        }
        return text(name, allowed);
    }

    /** A text as what it stands for; what the function refuses with an {@link BackupException} or an {@link IllegalArgumentException} is a mistake. */
    <T> Optional<T> parsed(String name, String allowed, Function<String, T> as) {
        return text(name, allowed).flatMap(text -> Optional.ofNullable(parse(name, text, allowed, as)));
    }

    private <T> @Nullable T parse(String name, String text, String allowed, Function<String, T> as) {
        try {
            return as.apply(text);
        } catch (BackupException | IllegalArgumentException | java.time.DateTimeException e) {
            mistake(name, SecretText.shown(text) + " cannot be '" + name + "'", allowed);
            return null;
        }
    }

    Optional<Duration> duration(String name) {
        return parsed(name, DurationText.ALLOWED, text -> DurationText.parse(name, text));
    }

    /** A length of time that is not zero. */
    Optional<Duration> positive(String name) {
        Optional<Duration> duration = duration(name);
        if (duration.filter(Duration::isZero).isPresent()) {
            mistake(name, "'" + name + "' is zero", "longer than zero");
            return Optional.empty();
        }
        return duration;
    }

    boolean flag(String name) {
        Optional<Located> value = value(name);
        if (value.isEmpty()) {
            return false;
        }
        if (value.get() instanceof Located.Literal literal
                && (literal.value().equals("true") || literal.value().equals("false"))) {
            return literal.value().equals("true");
        }
        mistake(name, value.get().shown() + " cannot be '" + name + "'", "true or false");
        return false;
    }

    /** A whole number of at least 1. */
    Optional<Integer> count(String name) {
        return value(name).flatMap(value -> {
            if (value instanceof Located.Literal literal && literal.value().matches("[1-9][0-9]{0,8}")) {
                return Optional.of(Integer.valueOf(literal.value()));
            }
            mistake(name, value.shown() + " cannot be '" + name + "'", "a whole number, 1 to 999999999");
            return Optional.empty();
        });
    }

    Optional<Section> section(String name, String expected) {
        return value(name).flatMap(value -> of(value, expected, mistakes));
    }

    /** The elements of an array of objects; those that are none are mistakes. */
    List<Section> sections(String name, String expected) {
        List<Section> sections = new ArrayList<>();
        elements(name, "an array, each element " + expected)
                .forEach(element -> of(element, expected, mistakes).ifPresent(sections::add));
        return sections;
    }

    /** The elements of an array of texts; those that are none are mistakes. */
    List<Located.Text> texts(String name, String allowed) {
        List<Located.Text> texts = new ArrayList<>();
        for (Located element : elements(name, "an array of texts: " + allowed)) {
            if (textOf(element, allowed).isPresent() && element instanceof Located.Text text) {
                texts.add(text);
            }
        }
        return texts;
    }

    List<Located> elements(String name, String expected) {
        Optional<Located> value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Located.Elements array) {
            return array.elements();
        }
        mistake(name, value.get().shown() + " cannot be '" + name + "'", expected);
        return List.of();
    }

    /** Members by name, for an object whose names are free. */
    List<String> names() {
        return List.copyOf(object.members().keySet());
    }

    /** Names what the section has and nobody asked for. */
    void end() {
        object.members().forEach((name, member) -> {
            if (!known.contains(name)) {
                String meant = Nearest.to(name, known)
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse("");
                mistakes.add(
                        member.place(),
                        SecretText.shown(name) + " is not known here" + meant,
                        String.join(", ", known));
            }
        });
    }
}
