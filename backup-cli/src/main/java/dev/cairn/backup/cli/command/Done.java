package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;

/**
 * What a command answers that only does something.
 *
 * @param done what was done, such as {@code pinned} or {@code removed}
 * @param what to what, such as a snapshot's id
 */
public record Done(String done, String what) implements Answer {

    @Override
    public void print(Page page) {
        page.good(done + " " + what);
    }
}
