package dev.cairn.backup.examples.factory.govern;

import java.time.Duration;

/**
 * Something that was asked, with what was found. There is no way to make one but by asking.
 */
public final class Check {

    private final String name;
    private final Finding finding;
    private final long millis;

    private Check(String name, Finding finding, long millis) {
        this.name = name;
        this.finding = finding;
        this.millis = millis;
    }

    /** What was found. */
    public record Finding(boolean passed, String detail) {}

    /** A question. */
    @FunctionalInterface
    public interface Question {

        /** Asks it. What it throws is an answer as well: it has not passed. */
        Finding ask() throws Exception;
    }

    /** Asks a question, and takes its time. */
    public static Check ask(String name, Question question) {
        long began = System.nanoTime();
        Finding finding;
        try {
            finding = question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finding = new Finding(false, "interrupted");
        } catch (Exception e) {
            finding = new Finding(false, e.toString());
        }
        return new Check(
                name, finding, Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    /** What was asked. */
    public String getName() {
        return name;
    }

    /** Whether it is so. */
    public boolean isPassed() {
        return finding.passed();
    }

    /** What was found, in a sentence. */
    public String getDetail() {
        return finding.detail();
    }

    /** How long it took, in milliseconds. */
    public long getMillis() {
        return millis;
    }
}
