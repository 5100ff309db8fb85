package dev.cairn.backup.examples.sonia.gateway;

import dev.cairn.backup.InvalidValueException;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The live objects, changed under one lock. Thread-safe. */
final class LiveGateway {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Confirmation> confirmations = new LinkedHashMap<>();
    private final Map<String, DeadLetter> deadLetters = new LinkedHashMap<>();
    private final Map<String, Breaker> breakers = new LinkedHashMap<>();
    private final Tools tools;
    private final InstantSource clock;

    LiveGateway(Tools tools, InstantSource clock) {
        this.tools = tools;
        this.clock = clock;
        Tools.CAPABILITIES.forEach(name -> breakers.put(name, new Breaker(name, 0, null)));
    }

    /** What a restore of dead letters did. @param restored those that were missing @param present those that were there already and stayed as they are */
    record Restored(int restored, int present) {}

    /** Runs something while nothing changes. */
    void whileQuiet(Runnable work) {
        locked(() -> {
            work.run();
            return lock;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    GatewayState state() {
        return locked(() -> new GatewayState(
                List.copyOf(sessions.values()),
                List.copyOf(confirmations.values()),
                List.copyOf(deadLetters.values()),
                List.copyOf(breakers.values())));
    }

    /** Takes another state as the present one. */
    void replace(GatewayState state) {
        whileQuiet(() -> {
            sessions.clear();
            state.sessions().forEach(each -> sessions.put(each.sessionId(), each));
            confirmations.clear();
            state.confirmations().forEach(each -> confirmations.put(each.confirmationId(), each));
            deadLetters.clear();
            state.dlq().forEach(each -> deadLetters.put(each.id(), each));
            breakers.clear();
            state.breakers().forEach(each -> breakers.put(each.capability(), each));
        });
    }

    Session connect(String user) {
        Session session = new Session(id("sess_"), user, now(), now());
        whileQuiet(() -> sessions.put(session.sessionId(), session));
        return session;
    }

    Confirmation ask(String session, String capability, Map<String, String> args) {
        Confirmation asked = new Confirmation(id("conf_"), session, capability, args, now(), 120);
        whileQuiet(() -> confirmations.put(asked.confirmationId(), asked));
        return asked;
    }

    /** Calls a tool; answers the dead letter if it fails. The letter and the breaker's count are one change. */
    Optional<DeadLetter> call(String session, String capability, Map<String, String> args) {
        if (!Tools.CAPABILITIES.contains(capability)) {
            throw new InvalidValueException("capability", capability, "one of " + Tools.CAPABILITIES);
        }
        try {
            tools.run(capability, args);
            return Optional.empty();
        } catch (IOException e) {
            String at = now();
            String why = String.valueOf(e.getMessage());
            DeadLetter letter = new DeadLetter(id("dlq_"), session, capability, args, why, at, false);
            whileQuiet(() -> {
                deadLetters.put(letter.id(), letter);
                breakers.computeIfPresent(capability, (name, breaker) -> breaker.failed(at));
            });
            return Optional.of(letter);
        }
    }

    /** Takes back dead letters that are missing, under their own ids and marks. Those that are there know more than any backup and stay as they are. */
    Restored takeBack(List<DeadLetter> letters) {
        return locked(() -> {
            int before = deadLetters.size();
            letters.forEach(letter -> deadLetters.putIfAbsent(letter.id(), letter));
            int restored = deadLetters.size() - before;
            return new Restored(restored, letters.size() - restored);
        });
    }

    /**
     * Does a dead letter's call again, because somebody asked for it. Marked before it is done, so that it is never done twice.
     *
     * @throws InvalidValueException if there is no such letter, or it was replayed before
     * @throws IOException if it fails again; the letter then waits as before
     */
    DeadLetter replay(String id) throws IOException {
        DeadLetter letter = locked(() -> {
            DeadLetter known = deadLetters.get(id);
            if (known == null || known.replayed()) {
                throw new InvalidValueException(
                        "dead letter", id, known == null ? "one of GET /v1/dead-letters" : "one that was not replayed");
            }
            deadLetters.put(id, known.afterReplay());
            return known;
        });
        try {
            tools.run(letter.capability(), letter.args());
            return letter.afterReplay();
        } catch (IOException e) {
            whileQuiet(() -> deadLetters.put(id, letter));
            throw e;
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String id(String prefix) {
        return prefix + UUID.randomUUID().toString().substring(0, 13);
    }
}
