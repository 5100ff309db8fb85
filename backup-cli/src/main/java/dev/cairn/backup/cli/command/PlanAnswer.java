package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code plan} answers.
 *
 * @param snapshot the snapshot that would be restored
 * @param createdAt when it was taken
 * @param permitted whether a restore would go on: the verdict, with the approval that was given, allows it, and there is room
 * @param verdict {@code ok}, {@code too_old} or {@code version_ahead}
 * @param ageMillis how old it is
 * @param maxAgeMillis the greatest age that needs no approval
 * @param snapshotVersion the host's version in the snapshot, or null
 * @param currentVersion the version that it was compared with, or null if it was not
 * @param approvedBy who approves of its age, or null
 * @param datasets what would be done, in the order of the restore
 * @param space what is needed beside the live data
 * @param estimateMillis how long it would take by what earlier restores took, or null
 * @param pending the datasets whose values would wait for the host's next start
 * @param warnings what the operator should know
 */
public record PlanAnswer(
        String snapshot,
        String createdAt,
        boolean permitted,
        String verdict,
        long ageMillis,
        long maxAgeMillis,
        @Nullable Long snapshotVersion,
        @Nullable Long currentVersion,
        @Nullable String approvedBy,
        List<DatasetAnswer> datasets,
        List<SpaceAnswer> space,
        @Nullable Long estimateMillis,
        List<String> pending,
        List<String> warnings)
        implements Answer {

    /**
     * What would be done to a dataset.
     *
     * @param dataset its name
     * @param target where it lies
     * @param create entries that would be made
     * @param replace entries that would be replaced
     * @param remove entries that would become trash
     * @param keep entries that are as in the snapshot
     * @param bytes content bytes that would be written
     * @param examples up to 20 of the paths
     * @param paths as many as were asked for
     * @param warnings what the operator should know
     */
    public record DatasetAnswer(
            String dataset,
            String target,
            long create,
            long replace,
            long remove,
            long keep,
            long bytes,
            List<String> examples,
            List<String> paths,
            List<String> warnings) {

        static DatasetAnswer of(DatasetPlan plan) {
            return new DatasetAnswer(
                    plan.dataset(),
                    plan.target(),
                    plan.create(),
                    plan.replace(),
                    plan.remove(),
                    plan.keep(),
                    plan.bytes(),
                    plan.examples(),
                    plan.paths(),
                    plan.warnings());
        }
    }

    /**
     * What is needed on a volume.
     *
     * @param datasets whose data is staged there
     * @param needed bytes
     * @param free bytes that are free there
     */
    public record SpaceAnswer(List<String> datasets, long needed, long free) {}

    static PlanAnswer of(RestorePlan plan, Configuration configuration) {
        return new PlanAnswer(
                plan.snapshot().id().value(),
                plan.snapshot().createdAt().toString(),
                plan.permitsRestore() && plan.space().stream().allMatch(RestorePlan.Space::fits),
                Verdicts.code(plan.verdict()),
                Verdicts.age(plan).toMillis(),
                plan.maxAge().toMillis(),
                plan.snapshot().projectionVersion().isPresent()
                        ? plan.snapshot().projectionVersion().getAsLong()
                        : null,
                plan.currentVersion().isPresent() ? plan.currentVersion().getAsLong() : null,
                plan.request().approval().map(RestoreRequest.Approval::operator).orElse(null),
                plan.datasets().stream().map(DatasetAnswer::of).toList(),
                plan.space().stream()
                        .map(space -> new SpaceAnswer(space.datasets(), space.needed(), space.free()))
                        .toList(),
                plan.estimate().map(Duration::toMillis).orElse(null),
                Pending.of(
                        configuration,
                        plan.datasets().stream().map(DatasetPlan::dataset).toList()),
                plan.warnings());
    }

    @Override
    public void print(Page page) {
        page.line("snapshot " + snapshot + " of " + Texts.time(Instant.parse(createdAt)) + ", "
                + Texts.duration(Duration.ofMillis(ageMillis)) + " old");
        page.table(
                List.of("DATASET", "CREATE", "REPLACE", "REMOVE", "KEEP", "BYTES", "TARGET"),
                datasets.stream()
                        .map(each -> List.of(
                                each.dataset(),
                                Long.toString(each.create()),
                                Long.toString(each.replace()),
                                Long.toString(each.remove()),
                                Long.toString(each.keep()),
                                Texts.bytes(each.bytes()),
                                each.target()))
                        .toList());
        for (DatasetAnswer each : datasets) {
            List<String> lines = each.paths().isEmpty() ? each.examples() : each.paths();
            lines.forEach(line -> page.item("  " + each.dataset() + ": " + line));
            each.warnings().forEach(warning -> page.warning(each.dataset() + ": " + warning));
        }
        warnings.forEach(page::warning);
        if (estimateMillis != null) {
            page.line("it would take about " + Texts.duration(Duration.ofMillis(estimateMillis)));
        }
        if (permitted) {
            page.good("it may be restored" + (approvedBy == null ? "" : ", approved by " + approvedBy));
        } else {
            page.bad("it would be refused: " + refusal());
        }
    }

    private String refusal() {
        return switch (verdict) {
            case Verdicts.AHEAD ->
                "it has version " + snapshotVersion + ", the host never had more than " + currentVersion
                        + ", which nobody can approve";
            case Verdicts.OLD ->
                approvedBy == null
                        ? "it is older than " + Texts.duration(Duration.ofMillis(maxAgeMillis)) + " and not approved: "
                                + Verdicts.APPROVAL
                        : "there is not enough room";
            default -> "there is not enough room";
        };
    }

    @Override
    public void printQuietly(Page page) {
        page.line(verdict);
    }

    @Override
    public ExitCode exitCode() {
        return permitted ? ExitCode.DONE : ExitCode.REFUSED;
    }
}
