package dev.cairn.backup.cli;

import dev.cairn.backup.cli.output.Answer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * A command: picocli fills its options, then it answers. It prints nothing itself, and what it throws becomes an error answer and an exit code. Made by {@link CommandLines}, used once.
 */
@Command(mixinStandardHelpOptions = true)
public abstract class Subcommand implements Callable<Integer> {

    private @Nullable Surroundings around;
    private @Nullable CommonOptions options;

    /** For subclasses, which picocli makes and so need a constructor without parameters. */
    protected Subcommand() {}

    void bind(Surroundings surroundings, CommonOptions common) {
        this.around = surroundings;
        this.options = common;
    }

    /** Does what the command is for. */
    protected abstract Answer answer(Invocation in);

    @Override
    public final Integer call() {
        if (around == null || options == null) {
            throw new IllegalStateException(getClass() + " was not made by CommandLines");
        }
        Invocation in = new Invocation(around, options);
        Answer answer = answer(in);
        in.output().answer(answer);
        return answer.exitCode().code();
    }
}
