package dev.cairn.backup.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What the service does at one step. It follows from the step's number alone, so that anybody can work out what the service must have held after any step
 * without asking the service, its data or Cairn: see {@link ExpectedState}.
 *
 * @param step the number, at least 1
 */
record Change(long step) {

    private static final int ATTACHMENTS = 16;
    private static final int ATTACHMENT_BYTES = 16 * 1024;
    private static final int USERS = 9;
    private static final String[] WORDS = {
        "water", "the", "plants", "call", "Ada", "about", "bread", "tide", "tables", "before", "noon", "and", "post",
        "letter"
    };

    /** The file that holds the counter. */
    static final String COUNTER_FILE = "config/counter.txt";

    /** Who writes the note. */
    String user() {
        return "user-" + step % USERS;
    }

    /** The text of the note that is added; its id is the step. */
    String text() {
        SplittableRandom random = new SplittableRandom(step);
        StringBuilder text = new StringBuilder("note " + step + ":");
        for (int i = 0; i < 12; i++) {
            text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    /** The older note that is edited, if there is one. */
    OptionalLong edited() {
        return step % 3 == 0 ? OptionalLong.of(step / 2) : OptionalLong.empty();
    }

    /** What is appended to the edited note. */
    String edit() {
        return " (edited at " + step + ")";
    }

    /** The older note that is deleted, if there is one. */
    OptionalLong deleted() {
        return step % 5 == 0 ? OptionalLong.of(step / 3) : OptionalLong.empty();
    }

    /** The files that are written, by their path, with their whole content. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put(COUNTER_FILE, Long.toString(step).getBytes(StandardCharsets.UTF_8));
        if (step % 4 == 0) {
            byte[] attachment = new byte[ATTACHMENT_BYTES];
            new SplittableRandom(step).nextBytes(attachment);
            files.put("attachments/" + step / 4 % ATTACHMENTS + ".bin", attachment);
        }
        if (step % 10 == 0) {
            files.put(
                    "config/settings.properties",
                    ("changed.at.step=" + step + "\nchanged.by=" + user() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }
}
