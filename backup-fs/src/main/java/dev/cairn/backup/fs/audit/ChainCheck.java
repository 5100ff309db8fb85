package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditDamage;
import dev.cairn.backup.AuditDamage.Kind;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.fs.audit.RawLine.End;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain from the first line to the last and stops at the first place where it does not hold. Lines after that place are only looked at to tell
 * what happened there. Memory: two lines. Used once.
 */
final class ChainCheck {

    private final LogReader lines;
    private final @Nullable Head head;
    private final int files;

    private AuditPosition last = AuditPosition.START;
    private long from = 1;
    private @Nullable RawLine lastLine;
    private @Nullable String chain;

    private ChainCheck(LogReader lines, int files, @Nullable Head head) {
        this.lines = lines;
        this.files = files;
        this.head = head;
    }

    /**
     * Checks a log.
     *
     * @param lastLimit how many bytes of the last file count
     */
    static AuditVerification run(List<AuditFile> files, long lastLimit, @Nullable Head head) throws IOException {
        try (LogReader lines = new LogReader(files, lastLimit)) {
            return new ChainCheck(lines, files.size(), head).run();
        }
    }

    private AuditVerification run() throws IOException {
        RawLine first = lines.next();
        begin(first);
        for (RawLine line = first; line != null; line = lines.next()) {
            AuditDamage damage = damageOf(line);
            if (damage != null) {
                return result(damage);
            }
        }
        return result(missingEnd());
    }

    private AuditVerification result(@Nullable AuditDamage damage) {
        long beyond =
                head == null ? 0 : Math.max(0, last.sequence() - head.last().sequence());
        return new AuditVerification(from, last.sequence(), files, beyond, head != null, Optional.ofNullable(damage));
    }

    /** Where the chain begins: at the place that the head record tells, or before it where old files are still there that may go. */
    private void begin(@Nullable RawLine first) {
        AuditPosition start = head == null ? AuditPosition.START : head.before();
        long named = first == null ? start.sequence() + 1 : first.fileFirst();
        if (first != null && named > 1 && (head == null || named <= start.sequence())) {
            try {
                start = new AuditPosition(named - 1, Line.parse(first.bytes()).previous());
            } catch (IOException | RuntimeException e) {
                // It is reported as the first line of the log is looked at.
                start = new AuditPosition(named - 1, AuditPosition.START.hash());
            }
        } else if (named == 1) {
            start = AuditPosition.START;
        }
        last = start;
        from = start.sequence() + 1;
    }

    private @Nullable AuditDamage damageOf(RawLine raw) throws IOException {
        long expected = last.sequence() + 1;
        if (raw.end() != End.COMPLETE) {
            return raw.end() == End.TORN
                    ? damage(
                            Kind.TORN,
                            raw,
                            expected,
                            "a line that ends with a line feed",
                            raw.excerpt() + " at the end of the file")
                    : damage(Kind.ALTERED, raw, expected, "at most " + RawLine.MAX_BYTES + " bytes", "more");
        }
        Line line;
        try {
            line = Line.parse(raw.bytes());
        } catch (IOException e) {
            return damage(Kind.ALTERED, raw, expected, "a line of the log", raw.excerpt() + ", " + e.getMessage());
        }
        boolean follows = line.previous().equals(last.hash());
        if (line.sequence() != expected && !follows) {
            return line.sequence() < expected
                    ? damage(
                            Kind.DUPLICATED,
                            raw,
                            expected,
                            "sequence " + expected,
                            "sequence " + line.sequence() + " again")
                    : gap(raw, line.sequence(), expected);
        }
        if (line.sequence() != expected) {
            return damage(Kind.ALTERED, raw, expected, "sequence " + expected, "sequence " + line.sequence());
        }
        if (!follows) {
            return brokenBefore(raw, line);
        }
        return placeOf(raw, line);
    }

    /** The chain holds; what is left is whether the line stands in the right file and is the one that the head record knows. */
    private @Nullable AuditDamage placeOf(RawLine raw, Line line) {
        boolean opens = raw.number() == 1;
        if (opens != line.kind().equals(Line.CHAIN) || (opens && raw.fileFirst() != line.sequence())) {
            return damage(
                    Kind.ALTERED,
                    raw,
                    line.sequence(),
                    opens ? "the first line of file " + raw.fileFirst() : "a line that is not the first of a file",
                    "kind " + line.kind() + ", sequence " + line.sequence());
        }
        String name = chain == null && head != null ? head.chain() : chain;
        if (opens && name != null && !name.equals(line.chain())) {
            return damage(Kind.ALTERED, raw, line.sequence(), "chain " + name, "chain " + line.chain());
        }
        if (opens) {
            chain = line.chain();
        }
        AuditPosition here = new AuditPosition(line.sequence(), raw.hash());
        if (head != null && (differs(here, head.last()) || differs(here, head.before()))) {
            return damage(
                    Kind.ALTERED,
                    raw,
                    line.sequence(),
                    "the hash that the head record has for it",
                    "hash " + here.hash());
        }
        last = here;
        lastLine = raw;
        return null;
    }

    private static boolean differs(AuditPosition here, AuditPosition known) {
        return here.sequence() == known.sequence() && !here.hash().equals(known.hash());
    }

    /**
     * The line does not fit the one before: one of the two was changed. If the line after, or the head record, was made for this one as it is, it was the one
     * before. Where nothing tells, the one before is named, which has more that can be changed.
     */
    private AuditDamage brokenBefore(RawLine raw, Line line) throws IOException {
        RawLine before = lastLine;
        if (before == null || confirmed(line.sequence(), raw.hash()).equals(Optional.of(false))) {
            return damage(
                    Kind.ALTERED, raw, line.sequence(), "the hash of the line before, " + last.hash(), line.previous());
        }
        return damage(Kind.ALTERED, before, last.sequence(), "hash " + line.previous(), "hash " + last.hash());
    }

    /** Whether what follows was made for a line of this hash; empty if nothing follows that could tell. */
    private Optional<Boolean> confirmed(long sequence, String hash) throws IOException {
        if (head != null && head.last().sequence() == sequence) {
            return Optional.of(head.last().hash().equals(hash));
        }
        RawLine after = lines.next();
        try {
            return after == null
                    ? Optional.empty()
                    : Optional.of(Line.parse(after.bytes()).previous().equals(hash));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A later line stands here: the expected one follows out of order, or nowhere. */
    private AuditDamage gap(RawLine raw, long found, long expected) throws IOException {
        Kind kind = Kind.MISSING;
        for (RawLine later = lines.next(); later != null && kind == Kind.MISSING; later = lines.next()) {
            if (isLine(later, expected)) {
                kind = Kind.REORDERED;
            }
        }
        return damage(kind, raw, expected, "sequence " + expected, "sequence " + found);
    }

    private static boolean isLine(RawLine raw, long sequence) {
        try {
            return raw.end() == End.COMPLETE && Line.parse(raw.bytes()).sequence() == sequence;
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable AuditDamage missingEnd() {
        if (head == null || last.sequence() >= head.last().sequence()) {
            return null;
        }
        RawLine line = lastLine;
        return new AuditDamage(
                Kind.MISSING,
                line == null ? "the folder" : line.file(),
                line == null ? 0 : line.number() + 1,
                last.sequence() + 1,
                "lines up to sequence " + head.last().sequence() + ", which the head record tells",
                "the end of the log");
    }

    private static AuditDamage damage(Kind kind, RawLine at, long sequence, String expected, String found) {
        return new AuditDamage(kind, at.file(), at.number(), sequence, expected, found);
    }
}
