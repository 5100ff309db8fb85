package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownHookTest {

    /** A host of its own process: writes a line for each phase and one for the record. */
    static final class Host {
        private Host() {}

        public static void main(String[] arguments) {
            ShutdownSequence sequence = ShutdownSequence.within(
                            Duration.ofMinutes(1), System::nanoTime, ActionRunner.onCallerThread())
                    .refuseNewWork(() -> System.out.println("refused"))
                    .closeStores(() -> System.out.println("closed"))
                    .build();
            ShutdownHook hook = ShutdownHook.install(
                    sequence, Thread::new, record -> System.out.println("complete " + record.isComplete()));
            System.out.println("running");
            switch (arguments[0]) {
                case "close" -> sequence.close();
                case "remove" -> System.out.println("removed " + hook.remove());
                default -> {}
            }
            System.exit(3);
        }
    }

    @Test
    void theJvmRunsTheSequenceWhenTheProcessEnds() throws Exception {
        assertEquals(List.of("running", "refused", "closed", "complete true"), linesOf("exit"));
    }

    @Test
    void closeAndHookTogetherRunItOnce() throws Exception {
        assertEquals(List.of("running", "refused", "closed", "complete true"), linesOf("close"));
    }

    @Test
    void aHookThatWasRemovedRunsNothing() throws Exception {
        assertEquals(List.of("running", "removed true"), linesOf("remove"));
    }

    @Test
    void removingTwiceIsHarmless() {
        ShutdownSequence sequence = ShutdownSequence.within(
                        Duration.ofMinutes(1), System::nanoTime, ActionRunner.onCallerThread())
                .build();
        ShutdownHook hook = ShutdownHook.install(sequence, Thread::new, record -> {});
        assertTrue(hook.remove());
        assertFalse(hook.remove());
        assertTrue(sequence.ended().isEmpty());
    }

    @Test
    void aThreadThatTheJvmCannotTakeIsRefused() {
        ShutdownSequence sequence = ShutdownSequence.within(
                        Duration.ofMinutes(1), System::nanoTime, ActionRunner.onCallerThread())
                .build();
        Thread running = Thread.currentThread();
        assertThrows(
                IllegalArgumentException.class, () -> ShutdownHook.install(sequence, action -> running, record -> {}));
    }

    private static List<String> linesOf(String way) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Host.class.getName(),
                        way)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
        assertEquals(3, process.exitValue(), output);
        return output.lines().toList();
    }
}
