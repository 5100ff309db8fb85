package dev.cairn.backup.examples.halo;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationError;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import java.util.Map;
import java.util.function.Function;

/** The routes for the lanes of the memory. What managers do there goes through the same gate and into the same trail as what they do with backups. */
final class LaneRoutes {

    private final Lanes lanes;
    private final BackupOperations operations;

    LaneRoutes(Lanes lanes, BackupOperations operations) {
        this.lanes = lanes;
        this.operations = operations;
    }

    /** {@code POST /memory/lane?lane=} with what to remember as its body. */
    Answer remember(Call call) {
        String lane = call.parameter("lane").orElse("");
        return Answer.ok(Map.of("lane", lane, "entries", lanes.remember(lane, call.body())));
    }

    /** {@code GET /memory/export?memberId=&lane=}. */
    Answer export(Call call) {
        return gated(call, "lane.export", "lane", lane -> Map.of("lane", lane, "entries", lanes.export(lane)));
    }

    /** {@code POST /operations/lane/discard?memberId=&lane=}. */
    Answer discard(Call call) {
        return gated(call, "lane.discard", "lane", lane -> Map.of("lane", lane, "trashId", lanes.discard(lane)));
    }

    /** {@code POST /operations/lane/undo?memberId=&trashId=}. */
    Answer undo(Call call) {
        return gated(call, "lane.undo", "trashId", item -> Map.of("trashId", item, "lane", lanes.undo(item)));
    }

    private Answer gated(Call call, String action, String parameter, Function<String, Map<String, ?>> work) {
        String target = call.parameter(parameter).orElse("");
        try {
            return Answer.ok(
                    operations.run(BackupRoutes.caller(call), Operation.of(action, target), () -> work.apply(target)));
        } catch (BackupException e) {
            OperationError error = OperationError.of(e);
            return new Answer(error.status(), error.json());
        }
    }
}
