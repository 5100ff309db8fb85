package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import org.jspecify.annotations.Nullable;

/**
 * What {@code init} answers.
 *
 * @param created whether the repository was made; false if there was one, which was left as it was
 * @param type {@code packed} or {@code browsable}
 * @param repository its folder
 * @param state the folder of the state store
 * @param recoveryCode the recovery code, which nobody can show again; null if none was made
 */
public record Initialised(
        boolean created,
        String type,
        String repository,
        String state,
        @Nullable String recoveryCode) implements Answer {

    @Override
    public void print(Page page) {
        if (created) {
            page.good("made the " + type + " repository " + repository);
        } else {
            page.line("there is a " + type + " repository in " + repository + " already; it was left as it was");
        }
        page.line("state store: " + state);
        printQuietly(page);
    }

    @Override
    public void printQuietly(Page page) {
        if (recoveryCode != null) {
            code(page, recoveryCode);
        }
    }

    /** Shows a code, and what to do with it. */
    static void code(Page page, String recoveryCode) {
        page.line("")
                .line("recovery code: " + recoveryCode)
                .line("")
                .line(
                        "It opens the repository when the key is lost, and it is shown only now. Print it or write it down,")
                .line("keep it away from this machine, then prove that you have it: cairn keys confirm");
    }

    /** Without the code, which is a secret. */
    @Override
    public String toString() {
        return "initialised " + repository;
    }
}
