package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who belongs to the family and who of them may operate the control plane, as {@code config/household.json} says.
 *
 * @param members each member and whether it is a parent
 * @param managers the parents who may operate
 * @param anyParent whether every parent may, also without being named a manager
 */
record Household(Map<String, Boolean> members, Set<String> managers, boolean anyParent) {

    /** Copies the collections. */
    Household {
        members = new TreeMap<>(members);
        managers = new LinkedHashSet<>(managers);
    }

    static Household read(Path file) {
        JsonNode json;
        try {
            json = Json.read(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; put it back, or restore config", e);
        }
        Map<String, Boolean> members = new TreeMap<>();
        json.path("members")
                .properties()
                .forEach(member ->
                        members.put(member.getKey(), member.getValue().asText().equals("parent")));
        Set<String> managers = new LinkedHashSet<>();
        json.path("managers").forEach(manager -> managers.add(manager.asText()));
        return new Household(members, managers, json.path("anyParentMayOperate").asBoolean(false));
    }

    /** No manager list means that nobody may, unless any parent may: a list that was lost must not open the door. */
    OperationPolicy.Decision decide(Actor actor) {
        Boolean parent = members.get(actor.member().orElse(""));
        if (parent == null) {
            return OperationPolicy.denied("member_not_found");
        } else if (!parent) {
            return OperationPolicy.denied("not_parent");
        }
        return anyParent || managers.contains(actor.member().orElse(""))
                ? OperationPolicy.allowed()
                : OperationPolicy.denied("parent_not_manager");
    }

    /** The policy that reads the file at each call: what a restore or an editor has put there counts at once. */
    static OperationPolicy policy(HaloHome home, HouseLock lock) {
        return (Actor actor, Operation operation) ->
                lock.working(() -> read(home.household()).decide(actor));
    }

    /** A parent who may operate, if there is one. */
    Optional<String> anyManager() {
        return members.keySet().stream()
                .filter(member -> decide(Actor.of("household").member(member)) instanceof OperationPolicy.Allowed)
                .findFirst();
    }

    /** A member of that kind, if there is one. */
    Optional<String> any(boolean parent) {
        return members.entrySet().stream()
                .filter(member -> member.getValue() == parent)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
