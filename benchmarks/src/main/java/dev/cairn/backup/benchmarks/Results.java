package dev.cairn.backup.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints a table row for each measurement as it is made, and all of them as JSON lines at the end. */
final class Results {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String benchmark;
    private final Options options;
    private final List<Map<String, Object>> lines = new ArrayList<>();

    Results(String benchmark, Options options) {
        this.benchmark = benchmark;
        this.options = options;
        System.out.printf(
                Locale.ROOT,
                "%s %s%n%-46s %8s %9s %9s %9s %9s%n",
                benchmark,
                options.parameters(),
                "milliseconds",
                "samples",
                "p50",
                "p90",
                "p99",
                "max");
    }

    void add(String what, Samples.Distribution measured, Map<String, ?> more) {
        System.out.printf(
                Locale.ROOT,
                "%-46s %8d %9.3f %9.3f %9.3f %9.3f %s%n",
                what,
                measured.count(),
                measured.percentile(0.5),
                measured.percentile(0.9),
                measured.percentile(0.99),
                measured.max(),
                more.isEmpty() ? "" : more);
        Map<String, Object> line = line(what);
        line.put("samples", measured.count());
        line.put("p50_ms", measured.percentile(0.5));
        line.put("p90_ms", measured.percentile(0.9));
        line.put("p99_ms", measured.percentile(0.99));
        line.put("max_ms", measured.max());
        line.putAll(more);
        lines.add(line);
    }

    void add(String what, Map<String, ?> values) {
        System.out.println(what + " " + values);
        Map<String, Object> line = line(what);
        line.putAll(values);
        lines.add(line);
    }

    private Map<String, Object> line(String what) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", benchmark);
        line.put("measured", what);
        line.put("parameters", options.parameters());
        line.put("java", Runtime.version().toString());
        line.put("processors", Runtime.getRuntime().availableProcessors());
        line.put("load_average", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return line;
    }

    void printJson() throws JsonProcessingException {
        System.out.println();
        for (Map<String, Object> line : lines) {
            System.out.println(JSON.writeValueAsString(line));
        }
    }
}
