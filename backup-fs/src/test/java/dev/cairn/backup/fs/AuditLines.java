package dev.cairn.backup.fs;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.Incident;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What tests append to a log, and what they find in its files. */
final class AuditLines {

    static final Instant NOW = Instant.parse("2026-02-18T09:00:00Z");

    private static final Pattern TARGET = Pattern.compile("\"action\":\"test\",\"target\":\"([^\"]*)\"");

    private AuditLines() {}

    static AuditEvent event(String target) {
        return AuditEvent.allowed(NOW, "tester", "test", target).detail("why", "Jürgen \"J\" \n日本");
    }

    static Incident.Report report(String description) {
        return new Incident.Report(
                NOW,
                "tester",
                new AuditEvent.IncidentCode(Incident.CREATE_FAILED, AlertSeverity.ESCALATE),
                description,
                List.of("snap-7"));
    }

    static Incident.Closing closing() {
        return new Incident.Closing(NOW.plusSeconds(60), "operator", "looked at");
    }

    /** The log's files in their order. */
    static List<Path> files(Path folder) throws IOException {
        return named(folder, "audit-[0-9]+\\.jsonl");
    }

    static List<Path> torn(Path folder) throws IOException {
        return named(folder, "audit-[0-9]+\\.jsonl\\.torn-[0-9]+");
    }

    private static List<Path> named(Path folder, String pattern) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    /** The targets of the test's own events, in their order. */
    static List<String> targets(Path folder) throws IOException {
        List<String> targets = new ArrayList<>();
        Matcher matcher = TARGET.matcher(text(folder));
        while (matcher.find()) {
            targets.add(matcher.group(1));
        }
        return targets;
    }

    static String text(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files(folder)) {
            text.append(Files.readString(file, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
