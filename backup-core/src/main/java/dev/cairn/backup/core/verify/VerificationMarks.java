package dev.cairn.backup.core.verify;

import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Instant;

/** What a verification leaves in the repository: the snapshot is verified, or suspect until a later one passes. */
public final class VerificationMarks {

    private static final String VERIFY = "verify";

    private VerificationMarks() {}

    /** Puts the marks of a verification; durable when it returns. */
    public static void put(SnapshotRepository repository, VerificationReport report, Instant now) {
        if (report.passed()) {
            String seen = report.entries() + " entries, " + report.bytes() + " bytes";
            repository.unmark(report.snapshot(), Mark.Kind.SUSPECT, VERIFY);
            repository.mark(report.snapshot(), new Mark(Mark.Kind.VERIFIED, "cairn", now, seen));
        } else {
            String problems = String.join("; ", report.problems());
            repository.mark(report.snapshot(), new Mark(Mark.Kind.SUSPECT, VERIFY, now, problems));
        }
    }
}
