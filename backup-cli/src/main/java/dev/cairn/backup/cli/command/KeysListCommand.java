package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.core.keys.KeySlot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Lists the key slots. */
@Command(name = "list", description = "List the slots of the repository, each of which opens all of it.")
public final class KeysListCommand extends Subcommand {

    /** Made by picocli. */
    KeysListCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        return KeyRing.of(in)
                .with(keys ->
                        new Slots(keys.slots().stream().map(SlotAnswer::of).toList(), keys.problems()));
    }

    /**
     * What {@code keys list} answers.
     *
     * @param slots in the order of their ids
     * @param problems what weakens the hold on the repository, with what to do about it
     */
    public record Slots(List<SlotAnswer> slots, List<String> problems) implements Answer {

        @Override
        public void print(Page page) {
            page.table(
                    List.of("SLOT", "TYPE", "MADE", "STATE", "LABEL"),
                    slots.stream()
                            .map(slot -> List.of(
                                    slot.id(),
                                    slot.type(),
                                    slot.created() == null ? "unknown" : Texts.time(Instant.parse(slot.created())),
                                    slot.damaged() ? "damaged" : slot.confirmed() ? "good" : "not confirmed",
                                    slot.label()))
                            .toList());
            problems.forEach(page::warning);
        }

        @Override
        public void printQuietly(Page page) {
            slots.forEach(slot -> page.line(slot.id()));
        }
    }

    /**
     * A key slot.
     *
     * @param id its id
     * @param type {@code key-file}, {@code environment}, {@code recovery} or another
     * @param label what the operator called it
     * @param created when it was made, or null if it is too damaged to tell
     * @param damaged whether it opens nothing any more
     * @param confirmed for a recovery code, whether somebody proved to hold it
     */
    public record SlotAnswer(
            String id, String type, String label, @Nullable String created, boolean damaged, boolean confirmed) {

        static SlotAnswer of(KeySlot slot) {
            return new SlotAnswer(
                    slot.id(),
                    slot.type(),
                    slot.label(),
                    slot.created().map(Instant::toString).orElse(null),
                    slot.damaged(),
                    slot.confirmed());
        }
    }
}
