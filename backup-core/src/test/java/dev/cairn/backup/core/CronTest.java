package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

    /** 21 November 2026 is a Saturday. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 2 * * * | 2026-11-21T02:00:00 | 2026-11-22T02:00:00",
                "0 2 * * * | 2026-11-21T01:59:59.999999999 | 2026-11-21T02:00:00",
                "30 2 * * 1-5 | 2026-11-21T00:00:00 | 2026-11-23T02:30:00",
                "0 3 * * SUN | 2026-11-21T12:00:00 | 2026-11-22T03:00:00",
                "0 3 * * 0 | 2026-11-21T12:00:00 | 2026-11-22T03:00:00",
                "0 3 * * 7 | 2026-11-21T12:00:00 | 2026-11-22T03:00:00",
                "*/15 * * * * | 2026-11-21T12:00:01 | 2026-11-21T12:15:00",
                "0 */6 * * * | 2026-11-21T23:00:00 | 2026-11-22T00:00:00",
                "0 0 1 1 * | 2026-11-21T12:00:00 | 2027-01-01T00:00:00",
                "0 0 29 2 * | 2026-11-21T12:00:00 | 2028-02-29T00:00:00",
                "0 0 13 * FRI | 2026-11-21T12:00:00 | 2026-11-27T00:00:00",
                "5,10 8-9 * * * | 2026-11-21T08:10:00 | 2026-11-21T09:05:00",
            })
    void theNextTimeIsAsCrontabMeansIt(String expression, LocalDateTime after, LocalDateTime next) {
        assertEquals(Optional.of(next), Cron.of(expression).after(after));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0 2 * *",
                "60 2 * * *",
                "0 24 * * *",
                "0 2 * * MOO",
                "0 0 30 2 *",
                "0 2 * * * *",
                "a b c d e",
                "*/0 * * * *"
            })
    void whatIsNoTimeIsRefusedByName(String expression) {
        InvalidValueException refused = assertThrows(InvalidValueException.class, () -> Cron.of(expression));
        assertTrue(refused.getMessage().contains("cron expression"), refused.getMessage());
        assertTrue(refused.getMessage().contains(expression), refused.getMessage());
    }

    @Test
    void anExpressionOverAllHoursMeansADistance() {
        assertTrue(Cron.of("*/10 * * * *").isDistance());
        assertTrue(Cron.of("0 */2 * * *").isDistance());
        assertEquals(false, Cron.of("0 2 * * *").isDistance());
        assertEquals(false, Cron.of("0 2,14 * * *").isDistance());
    }

    @Test
    void equalExpressionsAreEqual() {
        assertEquals(Cron.of("0 2 * * *"), Cron.of("0 2 * * *"));
        assertEquals(Cron.of("0 2 * * *").hashCode(), Cron.of("0 2 * * *").hashCode());
        assertNotEquals(Cron.of("0 2 * * *"), Cron.of("0 3 * * *"));
        assertEquals("0 2 * * *", Cron.of("0 2 * * *").toString());
    }
}
