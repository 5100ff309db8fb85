package dev.cairn.backup.core.work;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class EndingTest {

    private final Ending ending = new Ending();

    @Test
    void aPauseThatNobodyCutsShortIsNoEnd() {
        assertFalse(ending.within(Duration.ofMillis(1)));
        assertFalse(ending.isTold());
    }

    @Test
    void whoeverPausesIsWokenToEnd() throws Exception {
        CountDownLatch pausing = new CountDownLatch(1);
        CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() -> {
            pausing.countDown();
            return ending.within(Duration.ofDays(1));
        });
        assertTrue(pausing.await(120, TimeUnit.SECONDS));
        ending.tell();
        assertTrue(told.get(120, TimeUnit.SECONDS));
        assertTrue(ending.within(Duration.ofDays(1)), "whoever comes later does not pause");
    }

    @Test
    void anInterruptEndsThePauseAndNothingElse() {
        Thread.currentThread().interrupt();
        assertFalse(ending.within(Duration.ofDays(1)));
        assertFalse(Thread.interrupted());
    }
}
