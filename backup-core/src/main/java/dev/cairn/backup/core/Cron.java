package dev.cairn.backup.core;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.InvalidValueException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;

/**
 * Times as <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html">crontab</a> writes them: minute, hour, day of the month, month, day of the week. Where both days are restricted, either
 * is enough. A rule whose hour is {@code *} or a step over all hours means a distance. Immutable.
 *
 * <pre>{@code schedule("nightly", Recurrence.on(Cron.of("30 2 * * 1-5"), ZoneId.of("Europe/Berlin")), …)}</pre>
 */
public final class Cron implements CalendarRule {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final String expression;
    private final ExecutionTime times;
    private final boolean distance;

    private Cron(String expression, com.cronutils.model.Cron parsed) {
        this.expression = expression;
        this.times = ExecutionTime.forCron(parsed);
        FieldExpression hour = Objects.requireNonNull(
                        parsed.retrieveFieldsAsMap().get(CronFieldName.HOUR))
                .getExpression();
        this.distance = hour instanceof Always || hour instanceof Every;
    }

    /**
     * The times of an expression.
     *
     * @param expression five fields, names of months and days allowed, such as {@code 0 2 * * SUN}
     * @throws InvalidValueException if it cannot be read, or means a day that never comes
     */
    public static Cron of(String expression) {
        try {
            Cron cron = new Cron(expression, PARSER.parse(expression));
            if (cron.after(LocalDateTime.of(2000, 1, 1, 0, 0)).isPresent()) {
                return cron;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(
                    "cron expression",
                    expression,
                    "minute, hour, day of month, month and day of week; " + e.getMessage());
        }
        throw new InvalidValueException("cron expression", expression, "a day that comes");
    }

    /** Local times have no gaps, as those of UTC have none. */
    @Override
    public Optional<LocalDateTime> after(LocalDateTime local) {
        return times.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    @Override
    public boolean isDistance() {
        return distance;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron cron && expression.equals(cron.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    /** The expression. */
    @Override
    public String toString() {
        return expression;
    }
}
