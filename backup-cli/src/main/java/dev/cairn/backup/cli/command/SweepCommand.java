package dev.cairn.backup.cli.command;

import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.DurationText;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.cli.session.Session;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Frees space. */
@Command(name = "sweep", description = "Free what no snapshot needs any more; 'prune' does so by itself.")
public final class SweepCommand extends Subcommand {

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "0s",
            description =
                    "How long to wait for snapshots that are being written by other processes. Default: ${DEFAULT-VALUE}.")
    private String wait = "0s";

    @Option(
            names = "--max-unused",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description =
                    "The share of a pack, 0 to 1, that may be unused before it is written anew. Default: ${DEFAULT-VALUE}.")
    private double maxUnused = 0.5;

    /** Made by picocli. */
    SweepCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        SweepRequest request = SweepRequest.defaults()
                .patience(DurationText.parse("--wait", wait))
                .maxUnused(maxUnused)
                .cancellation(in.cancellation());
        try (Session session = in.standIn()) {
            Swept swept = Swept.of(session.manager().sweep(request));
            in.cancellation().throwIfCancelled("a sweep");
            return swept;
        }
    }

    /**
     * What {@code sweep} answers.
     *
     * @param packsRemoved packs that are gone
     * @param packsRewritten how many of them were gone after what was still needed had been copied
     * @param packsWaiting packs that wait for a later sweep
     * @param bytesFreed stored bytes that went
     * @param waitingFor snapshots that were being written, for whose end the rest waits
     * @param elapsedMillis how long it took
     */
    public record Swept(
            long packsRemoved,
            long packsRewritten,
            long packsWaiting,
            long bytesFreed,
            List<String> waitingFor,
            long elapsedMillis)
            implements Answer {

        static Swept of(SweepReport report) {
            return new Swept(
                    report.packsRemoved(),
                    report.packsRewritten(),
                    report.packsWaiting(),
                    report.bytesFreed(),
                    report.waitingFor(),
                    report.elapsed().toMillis());
        }

        @Override
        public void print(Page page) {
            page.good("freed " + Texts.bytes(bytesFreed) + ": " + Texts.count(packsRemoved, "pack") + " removed, "
                    + packsRewritten + " of them written anew, in " + Texts.duration(Duration.ofMillis(elapsedMillis)));
            if (packsWaiting > 0) {
                page.line(Texts.count(packsWaiting, "pack") + " wait for a later sweep"
                        + (waitingFor.isEmpty() ? "" : ", for the end of " + String.join(", ", waitingFor)));
            }
        }
    }
}
