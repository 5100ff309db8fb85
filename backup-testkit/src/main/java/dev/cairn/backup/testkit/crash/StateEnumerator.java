package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Goes through the points of a log, makes the states and has them checked. */
final class StateEnumerator {

    private static final int LINES_AROUND = 12;
    private static final int MOST_DESCRIBED = 24;

    private final List<Operation> operations;
    private final DiskReplay replay;
    private final CrashSampling sampling;
    private final StateChecks checks;
    private final Set<String> seen = new HashSet<>();

    StateEnumerator(OperationLog log, CrashSampling sampling, StateChecks checks) {
        synchronized (log) {
            this.operations = log.operations();
            this.replay = new DiskReplay(log);
        }
        this.sampling = sampling;
        this.checks = checks;
    }

    int checkAll(CrashStateCheck check) throws IOException {
        for (int point = 0; point <= operations.size(); point++) {
            if (point > 0) {
                replay.apply(operations.get(point - 1));
            }
            if (sampling.includes(point)) {
                checkPoint(point, check);
            }
        }
        checks.finish();
        return seen.size();
    }

    private void checkPoint(int point, CrashStateCheck check) throws IOException {
        List<String> marks = CrashFileSystem.marks(operations.subList(0, point));
        List<Atom> undecided = replay.undecided();
        for (BitSet mask : AtomChoices.of(undecided, sampling, point)) {
            Set<Atom> chosen = new HashSet<>();
            mask.stream().forEach(i -> chosen.add(undecided.get(i)));
            Image image = replay.image(chosen);
            // The same disk with one more acknowledgement is another case: what was allowed before may now be a loss.
            if (seen.add(marks.size() + " " + image.fingerprint())) {
                String description = describe(undecided, mask);
                checks.run(folder -> {
                    image.write(folder);
                    check(new CrashState(point, marks, folder, description), check);
                });
            }
        }
    }

    private void check(CrashState state, CrashStateCheck check) {
        try {
            check.check(state);
        } catch (Exception | AssertionError wrong) {
            throw new AssertionError(report(state, wrong), wrong);
        }
    }

    private String report(CrashState state, Throwable wrong) {
        StringBuilder text = new StringBuilder("After a power cut at point ")
                .append(state.point())
                .append(" of ")
                .append(operations.size())
                .append(": ")
                .append(wrong)
                .append("\nThe state is in ")
                .append(state.directory())
                .append(": ")
                .append(state.description())
                .append("\nMarks: ")
                .append(state.marks())
                .append("\nTo see it again: CrashSampling.")
                .append(sampling)
                .append(".atPoint(")
                .append(state.point())
                .append(")\nThe log around it:");
        int from = Math.max(0, state.point() - LINES_AROUND);
        int to = Math.min(operations.size(), state.point() + LINES_AROUND / 3);
        for (int i = from; i <= to; i++) {
            if (i == state.point()) {
                text.append("\n  ---- power cut ----");
            }
            if (i < to) {
                text.append("\n  ")
                        .append(i + 1)
                        .append(' ')
                        .append(operations.get(i).describe());
            }
        }
        return text.toString();
    }

    private static String describe(List<Atom> undecided, BitSet kept) {
        if (undecided.isEmpty()) {
            return "everything is durable";
        }
        return "kept: " + listed(undecided, kept, true) + "; lost: " + listed(undecided, kept, false);
    }

    private static String listed(List<Atom> undecided, BitSet kept, boolean wanted) {
        List<String> texts = new ArrayList<>();
        int more = 0;
        for (int i = 0; i < undecided.size(); i++) {
            if (kept.get(i) == wanted) {
                if (texts.size() < MOST_DESCRIBED) {
                    texts.add(undecided.get(i).change.describe());
                } else {
                    more++;
                }
            }
        }
        return texts.isEmpty() ? "nothing" : String.join(", ", texts) + (more == 0 ? "" : " and " + more + " more");
    }
}
