package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The runbook's validation checklist after a restore, as code. HALO asks it of itself within each restore, which is undone if an answer is no; an operator can ask it of a running HALO at any time.
 */
final class Checklist {

    static final String STATUS = "status";
    static final String PARENT_DM = "parent-dm";
    static final String CHILD_DM = "child-dm";
    static final String MEMORY_EXPORT = "memory-export";
    static final String TRANSCRIPT_WRITE = "transcript-write";
    static final String NO_NEW_INCIDENT = "no-new-incident";

    /** What is asked, in this order. */
    static final List<String> QUESTIONS =
            List.of(STATUS, PARENT_DM, CHILD_DM, MEMORY_EXPORT, TRANSCRIPT_WRITE, NO_NEW_INCIDENT);

    private final Plane plane;

    Checklist(Plane plane) {
        this.plane = plane;
    }

    /** The incidents that are open, to be noted before a restore. */
    Set<String> incidents() throws IOException, InterruptedException {
        Set<String> open = new TreeSet<>();
        plane.get("/status").json().path("openIncidents").forEach(id -> open.add(id.asText()));
        return open;
    }

    /** Asks one question. */
    boolean holds(String question, Set<String> incidentsBefore) throws IOException, InterruptedException {
        JsonNode status = plane.get("/status").json();
        return switch (question) {
            case STATUS -> status.path("status").asText().equals("healthy");
            case PARENT_DM -> resolves(status.path("parent").asText(), "parent_dm");
            case CHILD_DM ->
                !status.has("child") || resolves(status.path("child").asText(), "child_dm");
            case MEMORY_EXPORT -> exports(status);
            case TRANSCRIPT_WRITE -> writes(status.path("parent").asText());
            case NO_NEW_INCIDENT -> incidentsBefore.containsAll(incidents());
            default -> throw new IllegalArgumentException(question + " is none of " + QUESTIONS);
        };
    }

    /** Asks them all. */
    Map<String, Boolean> ask(Set<String> incidentsBefore) throws IOException, InterruptedException {
        Map<String, Boolean> answers = new LinkedHashMap<>();
        for (String question : QUESTIONS) {
            answers.put(question, holds(question, incidentsBefore));
        }
        return answers;
    }

    private boolean resolves(String member, String path) throws IOException, InterruptedException {
        Answer policy = plane.get("/messages/policy", "memberId", member);
        return policy.status() == 200
                && policy.text("path").equals(path)
                && policy.json().path("tools").isArray();
    }

    private boolean exports(JsonNode status) throws IOException, InterruptedException {
        for (JsonNode lane : status.path("lanes")) {
            Answer export = plane.get(
                    "/memory/export", "memberId", status.path("manager").asText(), "lane", lane.asText());
            if (export.status() != 200 || !export.json().path("entries").isArray()) {
                return false;
            }
        }
        return status.path("manager").isTextual();
    }

    private boolean writes(String member) throws IOException, InterruptedException {
        Answer first = plane.post("/messages", "after a restore: can you hear me?", "memberId", member);
        Answer second = plane.post("/messages", "and is it written down?", "memberId", member);
        return first.status() == 200
                && second.status() == 200
                && second.json().path("line").asInt()
                        > first.json().path("line").asInt();
    }
}
