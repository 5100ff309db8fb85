package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Instant;
import java.util.List;

/**
 * What {@code list} answers.
 *
 * @param snapshots oldest first
 * @param invalid what lies in the repository and must not be restored
 * @param otherLineages how many snapshots of other installations the repository holds beside these
 */
public record SnapshotList(List<SnapshotAnswer> snapshots, List<InvalidAnswer> invalid, long otherLineages)
        implements Answer {

    /**
     * Something that must not be restored.
     *
     * @param id its id
     * @param reason why
     */
    public record InvalidAnswer(String id, String reason) {}

    static SnapshotList of(SnapshotManager manager, List<SnapshotMetadata> listed) {
        return new SnapshotList(
                listed.stream()
                        .map(metadata -> SnapshotAnswer.of(manager, metadata))
                        .toList(),
                manager.listInvalid().stream()
                        .map(invalid -> new InvalidAnswer(invalid.id().value(), invalid.reason()))
                        .toList(),
                manager.listAll().size() - listed.size());
    }

    @Override
    public void print(Page page) {
        if (snapshots.isEmpty()) {
            page.line("no snapshots");
        } else {
            page.table(
                    List.of("ID", "TAKEN", "BY", "SIZE", "VERIFIED", "STATE", "LABEL"),
                    snapshots.stream()
                            .map(one -> List.of(
                                    one.id(),
                                    Texts.time(Instant.parse(one.createdAt())),
                                    one.origin(),
                                    Texts.bytes(one.sizeBytes()),
                                    one.lastVerified() == null
                                            ? "never"
                                            : Texts.time(Instant.parse(one.lastVerified())),
                                    one.state(),
                                    one.label() == null ? "" : one.label()))
                            .toList());
        }
        invalid.forEach(one -> page.warning(one.id() + " must not be restored: " + one.reason()));
        if (otherLineages > 0) {
            page.note(Texts.count(otherLineages, "snapshot") + " of other installations: cairn list --all");
        }
    }

    @Override
    public void printQuietly(Page page) {
        snapshots.forEach(one -> page.line(one.id()));
    }
}
