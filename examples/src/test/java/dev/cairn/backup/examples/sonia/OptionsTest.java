package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final Set<String> KNOWN = Set.of("port", "ahead", "zone", "at");

    private static Options parsed(String... args) {
        Options options = Options.parse(KNOWN, args);
        options.port();
        options.clock();
        options.zone();
        options.at();
        return options;
    }

    @Test
    void readsPairsBehindAFolder() {
        Options options = parsed("S", "--port", "7020", "--zone", "Europe/Berlin", "--at", "2026-02-15T14:23:45Z");
        assertEquals(7020, options.port());
        assertEquals(ZoneId.of("Europe/Berlin"), options.zone());
        assertEquals(Optional.of(Instant.parse("2026-02-15T14:23:45Z")), options.at());
        assertEquals(ZoneId.systemDefault(), parsed("S").zone());
    }

    @Test
    void namesWhatCannotBeAndWhatItMustBe() {
        Map<List<String>, String> wrong = Map.of(
                List.of(), "the installation's folder",
                List.of("--port", "1"), "the installation's folder",
                List.of("S", "--prt", "1"), "unknown option --prt; there are --ahead, --at, --port, --zone",
                List.of("S", "--port"), "--port needs a value",
                List.of("S", "--port", "1", "--port", "2"), "--port is given twice",
                List.of("S", "--port", "65536"), "--port 65536: it must be 0 to 65535",
                List.of("S", "--ahead", "a day"), "--ahead a day: it must be a duration such as PT25H",
                List.of("S", "--zone", "Berlin"), "--zone Berlin: it must be a zone such as Europe/Berlin",
                List.of("S", "--at", "noon"), "--at noon: it must be a time such as 2026-02-15T14:23:45Z");
        wrong.forEach((args, told) -> {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> parsed(args.toArray(String[]::new)), told);
            assertTrue(String.valueOf(refused.getMessage()).contains(told), refused.getMessage());
        });
    }
}
