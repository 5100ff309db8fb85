package dev.cairn.backup.cursor;

import dev.cairn.backup.AlertSeverity;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Whether a restored host reads its sources as it should. */
public sealed interface MonitorVerdict {

    /** What is wrong with a source. */
    enum Reason {
        /** Committed has neither advanced since the restore or resync, nor reached the source's end. */
        CURSOR_STUCK,
        /** There was an invalid cursor within the quiet time. */
        INVALID_CURSOR,
        /** The source is not active. */
        NOT_ACTIVE
    }

    /** How loud it is reported. */
    AlertSeverity severity();

    /**
     * The watch goes on.
     *
     * @param until when it ends, unless something more goes wrong
     * @param severity DEGRADED once several resyncs were needed or a source was not active, WARN after one resync, else INFO
     * @param reasons what does not hold yet, by source, in the order of names
     */
    record Watching(Instant until, AlertSeverity severity, Map<String, Set<Reason>> reasons) implements MonitorVerdict {
        /** Copies the reasons. */
        public Watching {
            reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
        }
    }

    /**
     * Final: every source passed.
     *
     * @param at when the watch ended
     * @param sources the sources that were watched, in the order of names
     */
    record Passed(Instant at, List<String> sources) implements MonitorVerdict {
        /** Copies the sources. */
        public Passed {
            sources = List.copyOf(sources);
        }

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.INFO;
        }
    }

    /**
     * Final: the watch ended with something wrong.
     *
     * @param at when it ended
     * @param reasons what is wrong, by source, in the order of names; sources that passed are left out
     */
    record Failed(Instant at, Map<String, Set<Reason>> reasons) implements MonitorVerdict {
        /** Copies the reasons. */
        public Failed {
            reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
        }

        @Override
        public AlertSeverity severity() {
            return AlertSeverity.DEGRADED;
        }
    }
}
