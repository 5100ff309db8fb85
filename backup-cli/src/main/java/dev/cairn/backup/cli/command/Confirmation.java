package dev.cairn.backup.cli.command;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Style;
import java.io.IOException;
import java.nio.charset.Charset;

/** Asks a person before live data is replaced. */
final class Confirmation {

    private Confirmation() {}

    /**
     * Shows what would be done and waits for the word {@code yes}, on the standard error, so that answers stay what they are.
     *
     * @param question what is to be confirmed
     * @throws RestoreRefusedException if nobody is there to ask, or the answer is another
     */
    static void ask(Invocation in, SnapshotId snapshot, Answer shown, String question) {
        if (!in.around().terminal()) {
            throw refused(snapshot, "Nobody is there to confirm it: the standard streams are no terminal", "Add --yes");
        }
        Page page = new Page(in.around().err(), Style.PLAIN);
        shown.print(page);
        page.line("");
        page.line(question + " Type yes:");
        in.around().err().flush();
        if (!"yes".equalsIgnoreCase(typed(in))) {
            throw refused(snapshot, "It was not confirmed", "Type yes, or add --yes");
        }
    }

    private static String typed(Invocation in) {
        try {
            return new String(Typed.line(in, "waiting for a confirmation"), Charset.defaultCharset()).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static RestoreRefusedException refused(SnapshotId snapshot, String problem, String nextStep) {
        return new RestoreRefusedException(snapshot, problem + "; nothing was restored", nextStep, null);
    }
}
