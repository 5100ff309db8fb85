package dev.cairn.backup.cli.config;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them, in files and on the command line. */
public final class DurationText {

    /** What is allowed, for messages. */
    public static final String ALLOWED = "a length of time such as 30s, 15m, 24h, 7d, 4w or PT1H30M, at most 36500d";

    /** A century: no clock's nanoseconds overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9}) ?(s|m|min|h|d|w)");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private DurationText() {}

    /**
     * Reads one.
     *
     * @param parameter what it is for, for the message
     * @throws InvalidValueException if it is none, or negative
     */
    public static Duration parse(String parameter, String text) {
        try {
            Matcher matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
            Duration parsed = matcher.matches()
                    ? UNITS.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)))
                    : Duration.parse(text.strip());
            if (!parsed.isNegative() && parsed.compareTo(LONGEST) <= 0) {
                return parsed;
            }
        } catch (DateTimeParseException e) {
            // Told below, with what is allowed.
        }
        throw new InvalidValueException(parameter, text, ALLOWED);
    }
}
