package dev.cairn.backup.core.lasting;

import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.lifecycle.RestartBudget;
import dev.cairn.backup.lifecycle.RestartPolicy;
import java.time.Instant;
import java.util.List;

/**
 * How a budget is kept; the policy is the host's configuration and is not.
 *
 * @param policy the rules that a budget is read under
 */
record BudgetForm(RestartPolicy policy) implements StateSlot.Form<RestartBudget> {

    @Override
    public JsonObject write(RestartBudget budget) {
        return new JsonObject()
                .put(
                        "failures",
                        budget.failures().stream().map(Instant::toString).toList())
                .put("streak", budget.streak())
                .put("upSince", budget.upSince().map(Instant::toString).orElse(null))
                .put("heldSince", budget.heldSince().map(Instant::toString).orElse(null))
                .put("holdDowns", budget.holdDowns());
    }

    @Override
    public RestartBudget read(JsonObject json) throws JsonFormatException {
        List<Instant> failures =
                json.texts("failures").stream().map(Instant::parse).toList();
        return new RestartBudget(
                policy,
                failures,
                Math.toIntExact(json.number("streak")),
                json.optionalText("upSince").map(Instant::parse),
                json.optionalText("heldSince").map(Instant::parse),
                Math.toIntExact(json.number("holdDowns")));
    }
}
