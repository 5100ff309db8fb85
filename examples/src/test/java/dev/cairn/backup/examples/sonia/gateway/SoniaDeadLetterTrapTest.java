package dev.cairn.backup.examples.sonia.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.examples.trap.Trap;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoniaDeadLetterTrapTest {

    @TempDir
    Path temp;

    /** A queue that dead letters are restored into. */
    private interface Queue {

        void restore(List<DeadLetter> backup);

        List<DeadLetter> letters();
    }

    /** Puts every letter of the backup back as if it had just failed: under a new id, waiting to be replayed. */
    private static final class Enqueueing implements Queue {

        private final List<DeadLetter> letters = new ArrayList<>();

        @Override
        public void restore(List<DeadLetter> backup) {
            backup.forEach(letter -> letters.add(new DeadLetter(
                    "dlq_" + UUID.randomUUID(),
                    letter.sessionId(),
                    letter.capability(),
                    letter.args(),
                    letter.error(),
                    letter.failedAt(),
                    false)));
        }

        @Override
        public List<DeadLetter> letters() {
            return letters;
        }
    }

    private Queue ours() {
        LiveGateway gateway = new LiveGateway(new Tools(temp), InstantSource.system());
        return new Queue() {
            @Override
            public void restore(List<DeadLetter> backup) {
                gateway.takeBack(backup);
            }

            @Override
            public List<DeadLetter> letters() {
                return gateway.state().dlq();
            }
        };
    }

    private static DeadLetter letter(String id, boolean replayed) {
        return new DeadLetter(
                id, "sess_1", "mail.send", Map.of("to", "x"), "no server", "2026-02-15T14:00:00Z", replayed);
    }

    @Test
    void sonia02_restoringTwiceAddsNothingAndKeepsIdsAndMarks() {
        List<DeadLetter> backup = List.of(letter("dlq_a", true), letter("dlq_b", false));
        Trap.Check<Queue> check = queue -> {
            queue.restore(backup);
            queue.restore(backup);
            assertEquals(backup, queue.letters());
        };
        Trap.catches(check, new Enqueueing(), ours());
    }

    @Test
    void sonia02_aLetterThatWasReplayedSinceTheBackupStaysReplayed() throws Exception {
        LiveGateway gateway = new LiveGateway(new Tools(temp), InstantSource.system());
        DeadLetter waiting = new DeadLetter(
                "dlq_a", "sess_1", Tools.APPEND, Map.of("path", "a.txt"), "full", "2026-02-15T14:00:00Z", false);
        gateway.takeBack(List.of(waiting));
        gateway.replay("dlq_a");
        assertEquals(new LiveGateway.Restored(0, 1), gateway.takeBack(List.of(waiting)));
        assertEquals(List.of(waiting.afterReplay()), gateway.state().dlq());
    }
}
