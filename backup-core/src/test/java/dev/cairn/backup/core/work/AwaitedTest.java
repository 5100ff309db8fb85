package dev.cairn.backup.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AwaitedTest {

    @Test
    void theResultIsHandedOn() {
        assertEquals("it", Awaited.result(CompletableFuture.completedFuture("it"), "a test"));
        assertEquals("it", Awaited.uninterrupted(CompletableFuture.completedFuture("it")));
    }

    @Test
    void aFailureIsThrownAsItWas() {
        for (Throwable thrown : new Throwable[] {
            new BackupCancelledException("it"), new ArithmeticException("it"), new OutOfMemoryError("it")
        }) {
            CompletableFuture<String> failed = CompletableFuture.failedFuture(thrown);
            assertSame(thrown, assertThrows(thrown.getClass(), () -> Awaited.result(failed, "a test")));
            assertSame(thrown, assertThrows(thrown.getClass(), () -> Awaited.uninterrupted(failed)));
        }
        CompletableFuture<String> checked = CompletableFuture.failedFuture(new IOException("it"));
        assertTrue(
                assertThrows(IllegalStateException.class, () -> Awaited.result(checked, "a test"))
                                .getCause()
                        instanceof IOException);
    }

    @Test
    void anInterruptCancelsAndIsKept() {
        Thread.currentThread().interrupt();
        BackupException cancelled =
                assertThrows(BackupCancelledException.class, () -> Awaited.result(new CompletableFuture<>(), "a test"));
        assertTrue(Thread.interrupted());
        assertTrue(cancelled.getMessage().contains("a test"), cancelled.getMessage());
    }

    @Test
    void whatMustNotBeCutShortKeepsTheInterruptForLater() {
        Thread.currentThread().interrupt();
        assertEquals("it", Awaited.uninterrupted(CompletableFuture.completedFuture("it")));
        assertTrue(Thread.interrupted());
    }
}
