package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.ProtectionStatus.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class AnnouncerTest {

    private final Announcer announcer = new Announcer("memory");
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    private void saw(long look, State state) {
        announcer.saw(look, state, () -> told.add(state.name()));
    }

    @Test
    void aStateIsToldOnce() {
        saw(announcer.beginLook(), State.PROTECTED);
        saw(announcer.beginLook(), State.PROTECTED);
        saw(announcer.beginLook(), State.SPOOLING);

        assertEquals(List.of("PROTECTED", "SPOOLING"), told);
    }

    @Test
    void whoLookedEarlierAndComesLaterIsNotHeard() {
        long early = announcer.beginLook();
        saw(announcer.beginLook(), State.SPOOLING);
        saw(early, State.PROTECTED);

        assertEquals(List.of("SPOOLING"), told);
    }

    @Test
    void whatChangesWhileAnotherThreadIsTellingIsToldByItAfterwardsAndHoldsNobodyUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread slow = new Thread(() -> announcer.tell(() -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add("slow");
        }));
        slow.start();
        begun.await();

        saw(announcer.beginLook(), State.SPOOLING);
        saw(announcer.beginLook(), State.PROTECTED);
        assertEquals(List.of(), told);

        goOn.countDown();
        slow.join();
        assertEquals(List.of("slow", "SPOOLING", "PROTECTED"), told);
    }

    @Test
    void whatWasPreparedIsToldBeforeWhatIsSeenLaterWhoeverTells() {
        announcer.prepare(() -> told.add("begun"));
        assertEquals(List.of(), told);
        saw(announcer.beginLook(), State.STARTING);
        announcer.tell();
        assertEquals(List.of("begun", "STARTING"), told);
    }

    @Test
    void aListenerThatFailsIsNoObstacleToTheNext() {
        announcer.tell(() -> {
            throw new IllegalStateException("I do not listen");
        });
        announcer.tell(() -> {
            throw new AssertionError("nor do I");
        });
        saw(announcer.beginLook(), State.PROTECTED);

        assertEquals(List.of("PROTECTED"), told);
    }
}
