package dev.cairn.backup.cli.config;

import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.core.Cron;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code schedules}. */
final class ScheduleSections {

    private static final String EXPECTED =
            "{\"name\": …, \"daily\": \"02:00\", \"keep\": " + KeepSection.EXPECTED + "}";
    private static final String NAME = "1 to 64 characters of A-Z a-z 0-9 . _ -";
    private static final String ONE = "exactly one of every, daily, cron";
    private static final String DAYS = "monday to sunday";

    private final DatasetSections datasets;
    private final Mistakes mistakes;
    private final Set<String> names = new HashSet<>();

    ScheduleSections(DatasetSections datasets, Mistakes mistakes) {
        this.datasets = datasets;
        this.mistakes = mistakes;
    }

    List<Schedule> read(Section whole) {
        List<Schedule> schedules = new ArrayList<>();
        whole.sections("schedules", EXPECTED)
                .forEach(section -> schedule(section).ifPresent(schedules::add));
        return schedules;
    }

    private Optional<Schedule> schedule(Section section) {
        Optional<String> name = section.requiredText("name", NAME).filter(given -> allowed(section, given));
        Optional<Recurrence> when = recurrence(section);
        DatasetSelection selection = datasets.selection(section);
        Optional<Section> keep = section.section("keep", KeepSection.EXPECTED);
        if (!section.has("keep")) {
            section.missing("keep", KeepSection.EXPECTED);
        }
        Optional<Retention> retention = keep.flatMap(rules -> new KeepSection(mistakes).read(rules));
        section.end();
        if (name.isEmpty() || when.isEmpty() || retention.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Schedule(name.get(), when.get(), selection, retention.get()));
    }

    private boolean allowed(Section section, String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            section.mistake("name", SecretText.shown(name) + " cannot be 'name'", NAME);
            return false;
        }
        if (!names.add(name)) {
            section.mistake("name", "another schedule is named '" + name + "'", "each name once");
            return false;
        }
        return true;
    }

    private Optional<Recurrence> recurrence(Section section) {
        Optional<Duration> every = section.duration("every");
        Optional<LocalTime> daily = section.parsed("daily", "a time of day such as 02:00", LocalTime::parse);
        Optional<CalendarRule> cron =
                section.parsed("cron", "minute hour day month weekday, such as 0 2 * * SUN", Cron::of);
        Set<DayOfWeek> days = days(section);
        ZoneId zone = section.parsed("zone", "a time zone such as UTC or Europe/Berlin", ZoneId::of)
                .orElseGet(ZoneId::systemDefault);
        Duration jitter = section.duration("jitter").orElse(Duration.ZERO);
        section.parsed("missed", "once: times that were missed are caught up once", ScheduleSections::once);
        long kinds = Stream.of("every", "daily", "cron").filter(section::has).count();
        if (kinds != 1) {
            mistakes.add(section.place(), "a schedule has " + kinds + " of every, daily, cron", ONE);
            return Optional.empty();
        }
        try {
            if (every.isPresent()) {
                return onlyInterval(section) ? Optional.of(Recurrence.every(every.get())) : Optional.empty();
            }
            if (cron.isPresent()) {
                if (section.has("days")) {
                    section.mistake("days", "'days' goes with 'daily'", "the days of the week in the cron expression");
                }
                return Optional.of(Recurrence.on(cron.get(), zone).withJitter(jitter));
            }
            return daily.map(time -> Recurrence.weekly(days, time, zone).withJitter(jitter));
        } catch (InvalidValueException e) {
            String wrong = every.isPresent() ? "every" : "jitter";
            section.mistake(
                    wrong, "'" + wrong + "' is out of bounds", every.isPresent() ? "one second or more" : "0s to 24h");
            return Optional.empty();
        }
    }

    private static String once(String text) {
        if (!text.equals("once")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static boolean onlyInterval(Section section) {
        boolean only = true;
        for (String name : List.of("days", "zone", "jitter")) {
            if (section.has(name)) {
                section.mistake(
                        name, "'" + name + "' does not go with 'every', which is a distance", "'daily' or 'cron'");
                only = false;
            }
        }
        return only;
    }

    private Set<DayOfWeek> days(Section section) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (Located.Text text : section.texts("days", DAYS)) {
            String typed = text.value().toUpperCase(Locale.ROOT);
            Optional<DayOfWeek> day = Stream.of(DayOfWeek.values())
                    .filter(one -> one.name().equals(typed)
                            || one.name().substring(0, 3).equals(typed))
                    .findFirst();
            day.ifPresentOrElse(days::add, () -> mistakes.add(text.place(), text.shown() + " is no day", DAYS));
        }
        return days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days;
    }
}
