package dev.cairn.backup.core.retain;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Retention;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides for each snapshot of a lineage whether it stays, with all its reasons. Order is by sequence number, never by clocks.
 *
 * <p>Whatever the rules say: pinned ones stay; for each dataset the last good snapshot that holds it stays; a suspect one stays until it is
 * acknowledged, takes no place of a rule, and nothing older than it goes.
 */
public final class RetentionRules {

    /** How the reason begins that protects the last good snapshot of a dataset. */
    static final String LAST_GOOD = "last good snapshot of dataset '";

    private final RetentionPools pools;
    private final List<Kept> newestFirst;
    private final Map<Kept, List<String>> reasons = new LinkedHashMap<>();

    private RetentionRules(List<Kept> lineage, RetentionPools pools) {
        this.pools = pools;
        this.newestFirst = lineage.stream()
                .sorted(Comparator.comparingLong((Kept kept) -> kept.metadata().sequence())
                        .reversed())
                .toList();
    }

    /** One decision for each snapshot, oldest first. */
    public static List<RetentionDecision> decide(List<Kept> lineage, RetentionPools pools) {
        RetentionRules rules = new RetentionRules(lineage, pools);
        rules.keepPinned();
        rules.keepLastGood();
        rules.keepSuspects();
        rules.keepByRule();
        rules.keepReach();
        return rules.decisions();
    }

    private List<RetentionDecision> decisions() {
        List<RetentionDecision> decisions = new ArrayList<>();
        for (Kept kept : newestFirst) {
            List<String> why = reasons.getOrDefault(kept, List.of());
            List<String> whyNot =
                    List.of("no rule of " + pools.of(kept.metadata()).name() + " keeps it");
            decisions.add(0, new RetentionDecision(kept.metadata().id(), !why.isEmpty(), why.isEmpty() ? whyNot : why));
        }
        return decisions;
    }

    private void keep(Kept kept, String because) {
        reasons.computeIfAbsent(kept, k -> new ArrayList<>()).add(because);
    }

    private void keepPinned() {
        for (Kept kept : newestFirst) {
            kept.marks().stream()
                    .filter(mark -> mark.kind() == Mark.Kind.PINNED)
                    .forEach(mark -> keep(kept, "pinned by " + mark.holder() + ": " + mark.reason()));
        }
    }

    private void keepLastGood() {
        Set<String> covered = new HashSet<>();
        for (Kept kept : newestFirst) {
            if (!kept.isGood()) {
                continue;
            }
            for (DatasetSummary dataset : kept.metadata().datasets()) {
                if (dataset.present() && covered.add(dataset.name())) {
                    keep(kept, LAST_GOOD + dataset.name() + "'");
                }
            }
        }
    }

    private void keepSuspects() {
        String suspect = null;
        for (Kept kept : newestFirst) {
            if (kept.isSuspect()) {
                keep(kept, "suspect and not acknowledged");
                suspect = kept.metadata().id().value();
            } else if (suspect != null) {
                keep(kept, "older than the suspect " + suspect);
            }
        }
    }

    private void keepReach() {
        List<SnapshotMetadata> lineage =
                newestFirst.stream().map(Kept::metadata).toList();
        reach(lineage, pools)
                .forEach((dataset, bases) -> newestFirst.stream()
                        .filter(kept -> bases.contains(kept.metadata()))
                        .forEach(kept ->
                                keep(kept, "dataset '" + dataset + "' is restorable from it for the time asked for")));
    }

    /**
     * What is restorable for a time needs a base that is older than that: for each dataset the newest one beyond the age of the pool of bases, whoever took it, because segments before it are
     * removed. One with a stamp before that of an earlier base was taken by a clock that was wrong: whether it is older nobody knows, so that it is needed as well as the one before it. A stamp of the
     * future says nothing of the others.
     */
    public static Map<String, List<SnapshotMetadata>> reach(List<SnapshotMetadata> lineage, RetentionPools pools) {
        Optional<Duration> within = Optional.ofNullable(pools.schedules().get(RetentionPools.CONTINUOUS))
                .flatMap(Retention::within);
        List<SnapshotMetadata> bases = lineage.stream()
                .filter(snapshot -> snapshot.datasets().stream()
                        .anyMatch(dataset -> dataset.log().isPresent()))
                .sorted(Comparator.comparingLong(SnapshotMetadata::sequence).reversed())
                .toList();
        Map<String, List<SnapshotMetadata>> reached = new LinkedHashMap<>();
        if (within.isEmpty() || bases.isEmpty()) {
            return reached;
        }
        Instant present = present(bases);
        Map<String, Instant> latest = new HashMap<>();
        for (int i = bases.size() - 1; i >= 0; i--) { // The oldest first.
            SnapshotMetadata base = bases.get(i);
            Instant at = base.createdAt();
            if (at.isAfter(present)) {
                continue;
            }
            boolean old = Duration.between(at, present).compareTo(within.get()) > 0;
            base.datasets().stream()
                    .filter(dataset -> dataset.log().isPresent())
                    .map(DatasetSummary::name)
                    .forEach(dataset -> {
                        List<SnapshotMetadata> needed = reached.computeIfAbsent(dataset, name -> new ArrayList<>());
                        if (!at.isBefore(latest.getOrDefault(dataset, at))) {
                            latest.put(dataset, at);
                            if (old) {
                                needed.clear();
                            }
                        }
                        if (old) {
                            needed.add(base);
                        }
                    });
        }
        return reached;
    }

    private void keepByRule() {
        Map<RetentionPools.Pool, List<Kept>> members = new LinkedHashMap<>();
        newestFirst.stream()
                .filter(kept -> !kept.isSuspect())
                .forEach(kept -> members.computeIfAbsent(pools.of(kept.metadata()), pool -> new ArrayList<>())
                        .add(kept));
        members.forEach(this::keepByRule);
    }

    private void keepByRule(RetentionPools.Pool pool, List<Kept> group) {
        Retention rule = pool.rule();
        Instant newest = present(group.stream().map(Kept::metadata).toList());
        for (int i = 0; i < group.size(); i++) {
            Kept kept = group.get(i);
            if (rule.everything()) {
                keep(kept, pool.name() + ": keep all");
            }
            if (i < rule.last()) {
                keep(kept, pool.name() + ": " + (i + 1) + " of the last " + rule.last());
            }
            if (rule.within().isPresent()
                    && Duration.between(kept.metadata().createdAt(), newest)
                                    .compareTo(rule.within().get())
                            <= 0) {
                keep(kept, pool.name() + ": within " + rule.within().get());
            }
        }
        rule.ladder().forEach((period, count) -> {
            Set<String> rungs = new HashSet<>();
            for (Kept kept : group) {
                String rung = rung(period, kept.metadata().createdAt());
                if (rungs.size() < count && rungs.add(rung)) {
                    keep(kept, pool.name() + ": newest of " + rung);
                }
            }
        });
    }

    /** What counts as now for ages. One snapshot alone with a stamp of the future, from a clock that went wrong, must not make all others old. */
    private static Instant present(List<SnapshotMetadata> newestFirst) {
        Instant first = newestFirst.get(0).createdAt();
        Instant second = newestFirst.get(Math.min(1, newestFirst.size() - 1)).createdAt();
        return first.isBefore(second) ? first : second;
    }

    private static String rung(Retention.Period period, Instant at) {
        ZonedDateTime utc = at.atZone(ZoneOffset.UTC);
        return switch (period) {
            case HOUR -> "hour " + utc.toLocalDate() + " " + utc.getHour();
            case DAY -> "day " + utc.toLocalDate();
            case WEEK ->
                "week " + utc.get(IsoFields.WEEK_BASED_YEAR) + "-" + utc.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTH -> "month " + utc.getYear() + "-" + utc.getMonthValue();
            case YEAR -> "year " + utc.getYear();
        };
    }
}
