package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.core.keys.KeySlot;
import java.util.Optional;

/** A slot as it was found in the store. */
sealed interface StoredSlot {

    String id();

    /** How hosts see it. */
    KeySlot face();

    /** One whose digest fits. */
    record Intact(SlotFile file, boolean confirmed) implements StoredSlot {

        @Override
        public String id() {
            return file.slot();
        }

        @Override
        public KeySlot face() {
            return new KeySlot(file.slot(), file.type(), file.label(), Optional.of(file.created()), false, confirmed);
        }
    }

    /**
     * One that is not what was written.
     *
     * @param type what is still legible; it may be wrong
     * @param label likewise
     */
    record Damaged(String id, Optional<String> type, Optional<String> label, boolean confirmed) implements StoredSlot {

        @Override
        public KeySlot face() {
            return new KeySlot(id, type.orElse("unknown"), label.orElse(""), Optional.empty(), true, confirmed);
        }

        /** Whether it may have been of that type: only a legible type that is another's speaks against it, since the type may be what is damaged. */
        boolean mayBe(String wanted) {
            return type.filter(legible -> Holders.isSecret(legible) && !legible.equals(wanted))
                    .isEmpty();
        }
    }
}
