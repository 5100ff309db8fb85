package dev.cairn.backup.fs.audit;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.Incident;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What is to become a line, once its place in the chain is known. */
sealed interface Draft {

    /** The name of its kind. */
    String kind();

    /** When. */
    Instant at();

    /** Writes what follows the fields that every line has. */
    void writeTo(JsonGenerator out, long sequence) throws IOException;

    /** The line that follows {@code before}, without its line feed. */
    default byte[] after(AuditPosition before) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = Line.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            long sequence = before.sequence() + 1;
            out.writeStartObject();
            out.writeNumberField("seq", sequence);
            out.writeStringField("prev", before.hash());
            out.writeStringField("time", at().toString());
            out.writeStringField("kind", kind());
            writeTo(out, sequence);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("plain values cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /** The first line of a file. */
    record Chain(Instant at, String chain, int carried) implements Draft {
        @Override
        public String kind() {
            return Line.CHAIN;
        }

        @Override
        public void writeTo(JsonGenerator out, long sequence) throws IOException {
            out.writeNumberField("format", Line.FORMAT);
            out.writeStringField("chain", chain);
            out.writeNumberField("carried", carried);
        }
    }

    /** What happened. */
    record Event(AuditEvent event) implements Draft {
        @Override
        public String kind() {
            return Line.EVENT;
        }

        @Override
        public Instant at() {
            return event.at();
        }

        @Override
        public void writeTo(JsonGenerator out, long sequence) throws IOException {
            out.writeStringField("actor", event.actor());
            out.writeStringField("action", event.action());
            out.writeStringField("target", event.target());
            out.writeStringField("outcome", event.outcome().name().toLowerCase(Locale.ROOT));
            out.writeObjectFieldStart("details");
            for (Map.Entry<String, String> detail : event.details().entrySet()) {
                out.writeStringField(detail.getKey(), detail.getValue());
            }
            out.writeEndObject();
            if (event.incident().isPresent()) {
                out.writeObjectFieldStart("incident");
                write(event.incident().get(), out);
                out.writeEndObject();
            }
        }
    }

    /** A new incident; its id is made of its line's number, which is never given again. */
    record Opened(Incident.Report report) implements Draft {
        @Override
        public String kind() {
            return Line.OPENED;
        }

        @Override
        public Instant at() {
            return report.at();
        }

        @Override
        public void writeTo(JsonGenerator out, long sequence) throws IOException {
            write(idOf(sequence), report, out);
        }

        static String idOf(long sequence) {
            return "incident-" + sequence;
        }
    }

    /** An incident that is still open, told again in a new file so that no older one is needed to know of it. */
    record Carried(Instant at, Incident incident) implements Draft {
        @Override
        public String kind() {
            return Line.CARRIED;
        }

        @Override
        public void writeTo(JsonGenerator out, long sequence) throws IOException {
            out.writeStringField("opened", incident.report().at().toString());
            write(incident.id(), incident.report(), out);
        }
    }

    /** The end of an incident. */
    record Closed(String id, Incident.Closing closing) implements Draft {
        @Override
        public String kind() {
            return Line.CLOSED;
        }

        @Override
        public Instant at() {
            return closing.at();
        }

        @Override
        public void writeTo(JsonGenerator out, long sequence) throws IOException {
            out.writeStringField("actor", closing.actor());
            out.writeStringField("id", id);
            out.writeStringField("reason", closing.reason());
        }
    }

    private static void write(String id, Incident.Report report, JsonGenerator out) throws IOException {
        out.writeStringField("actor", report.actor());
        out.writeStringField("id", id);
        write(report.kind(), out);
        out.writeStringField("description", report.description());
        out.writeArrayFieldStart("related");
        for (String related : report.related()) {
            out.writeString(related);
        }
        out.writeEndArray();
    }

    private static void write(IncidentCode code, JsonGenerator out) throws IOException {
        out.writeStringField("code", code.code());
        out.writeStringField("severity", nameOf(code.severity()));
    }

    private static String nameOf(AlertSeverity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
