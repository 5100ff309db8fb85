package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The family talks to HALO: parents and children on paths of their own, each with its policy; every message is a line of a transcript. */
final class Conversations {

    private final HaloHome home;
    private final HouseLock lock;
    private final InstantSource clock;

    Conversations(HaloHome home, HouseLock lock, InstantSource clock) {
        this.home = home;
        this.lock = lock;
        this.clock = clock;
    }

    /**
     * What a member's messages are subject to.
     *
     * @param path {@code parent_dm} or {@code child_dm}
     * @param tools what the assistant may use there
     * @param blockedWords what it does not talk about there
     */
    record Policy(String path, List<String> tools, List<String> blockedWords) {}

    /** {@code GET /messages/policy?memberId=}. */
    Answer policy(Call call) {
        String member = call.parameter("memberId").orElse("");
        Policy policy = lock.working(() -> policyOf(member));
        return Answer.ok(Map.of(
                "memberId",
                member,
                "path",
                policy.path(),
                "tools",
                policy.tools(),
                "blockedWords",
                policy.blockedWords()));
    }

    /** {@code POST /messages?memberId=} with the text as its body. */
    Answer say(Call call) {
        String member = call.parameter("memberId").orElse("");
        return lock.working(() -> {
            Policy policy = policyOf(member);
            boolean blocked = policy.blockedWords().stream()
                    .anyMatch(word -> call.body().toLowerCase(Locale.ROOT).contains(word));
            int line = write(member, call.body(), blocked);
            return Answer.ok(Map.of("path", policy.path(), "blocked", blocked, "line", line));
        });
    }

    private synchronized int write(String member, String text, boolean blocked) {
        Map<String, Object> message = Map.of("at", clock.instant().toString(), "text", text, "blocked", blocked);
        HouseFiles.append(home.transcript(member), Answer.ok(message).body());
        int lines = HouseFiles.lines(home.transcript(member)).size();
        HouseFiles.replace(
                home.session(member),
                Answer.ok(Map.of("member", member, "messages", lines)).body());
        HouseFiles.append(
                home.path("logs").resolve("halo.log"), clock.instant() + " message " + lines + " of " + member);
        return lines;
    }

    private Policy policyOf(String member) {
        Boolean parent = Household.read(home.household()).members().get(member);
        if (parent == null) {
            throw new InvalidValueException("memberId", member, "a member of the household");
        }
        String path = parent ? "parent_dm" : "child_dm";
        JsonNode rules = rules().path(path);
        if (!rules.isObject()) {
            throw new InvalidValueException(home.messages().toString(), "no " + path, "rules for both paths");
        }
        return new Policy(path, texts(rules.path("tools")), texts(rules.path("blockedWords")));
    }

    private JsonNode rules() {
        try {
            return Json.read(Files.readString(home.messages()));
        } catch (IOException e) {
            throw new UncheckedIOException(home.messages() + " cannot be read", e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
