package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.core.keys.KeySlot;
import java.util.ArrayList;
import java.util.List;

/** What weakens the hold on a repository, in words. */
record KeyProblems(List<KeySlot> slots, boolean recoveryDeclined) {

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (KeySlot slot : slots) {
            if (slot.damaged()) {
                sentences.add("The key slot " + slot.id() + " (" + slot.type() + " '" + slot.label()
                        + "') is damaged and opens nothing: remove it and add its key again");
            }
        }
        boolean confirmed = slots.stream().anyMatch(slot -> slot.type().equals(KeySlot.RECOVERY) && slot.reliable());
        if (confirmed || recoveryDeclined) {
            return sentences;
        }
        boolean unconfirmed = slots.stream().anyMatch(slot -> slot.type().equals(KeySlot.RECOVERY) && !slot.damaged());
        sentences.add(
                unconfirmed
                        ? "Nobody has confirmed to hold the repository's recovery code: confirm it with the code itself, make a new one, or decline it"
                        : "The repository has no recovery code, so that whoever loses its keys loses all snapshots: make one and confirm it, or decline it");
        return sentences;
    }
}
