package dev.cairn.backup.core.operate;

import dev.cairn.backup.Actor;
import dev.cairn.backup.LoopbackAddress;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.OperationRefusedException;

/**
 * Who is let in, checked in this order: where the call comes from, whether it says for whom, what the host's policy decides. What comes later is never looked at for who fails earlier, so that a stranger
 * learns nothing from the answers.
 *
 * @param localOnly whether callers at other machines are refused; callers within the process are at none
 * @param membersOnly whether a member must be named
 */
public record Admission(OperationPolicy policy, boolean localOnly, boolean membersOnly) {

    /** @throws OperationRefusedException if the actor may not do it */
    public void admit(Actor actor, Operation operation) {
        if (localOnly) {
            actor.remoteAddress()
                    .filter(address -> !LoopbackAddress.isLoopback(address))
                    .ifPresent(address -> {
                        throw OperationRefusedException.notLocal(operation, address);
                    });
        }
        if (membersOnly && actor.member().isEmpty()) {
            throw OperationRefusedException.missing("member_id");
        }
        OperationPolicy.Decision decision;
        try {
            decision = policy.decide(actor, operation);
        } catch (Throwable e) { // Also checked ones, which not every language declares.
            throw OperationRefusedException.denied(actor, operation, OperationPolicy.POLICY_FAILED, e);
        }
        if (!(decision instanceof OperationPolicy.Allowed)) {
            String reason =
                    decision instanceof OperationPolicy.Denied denied ? denied.reason() : OperationPolicy.POLICY_FAILED;
            throw OperationRefusedException.denied(actor, operation, reason, null);
        }
    }
}
