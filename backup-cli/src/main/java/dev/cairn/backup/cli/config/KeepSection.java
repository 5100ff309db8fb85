package dev.cairn.backup.cli.config;

import dev.cairn.backup.Retention;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads which snapshots are kept. */
final class KeepSection {

    static final String EXPECTED = "{\"last\": 7, \"daily\": 30}, or {\"all\": true}";

    private static final Map<String, Retention.Period> LADDER = new LinkedHashMap<>();

    static {
        LADDER.put("hourly", Retention.Period.HOUR);
        LADDER.put("daily", Retention.Period.DAY);
        LADDER.put("weekly", Retention.Period.WEEK);
        LADDER.put("monthly", Retention.Period.MONTH);
        LADDER.put("yearly", Retention.Period.YEAR);
    }

    private final Mistakes mistakes;

    KeepSection(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    Optional<Retention> read(Section section) {
        boolean all = section.flag("all");
        int last = section.count("last").orElse(0);
        Optional<Duration> within = section.positive("within");
        Map<Retention.Period, Integer> ladder = new LinkedHashMap<>();
        LADDER.forEach((name, period) -> section.count(name).ifPresent(count -> ladder.put(period, count)));
        section.end();
        boolean rules = last > 0 || within.isPresent() || !ladder.isEmpty();
        if (all && rules) {
            section.mistake("all", "'all' keeps everything, and there are other rules", EXPECTED);
            return Optional.empty();
        }
        if (!all && !rules) {
            mistakes.add(section.place(), "nothing would be kept by rule", "at least one rule: " + EXPECTED);
            return Optional.empty();
        }
        return Optional.of(new Retention(all, last, within, ladder));
    }
}
