package dev.cairn.backup.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.backup.ProgressListener;
import java.io.PrintStream;

/** Where answers and progress of one command go. With JSON there is exactly one document on the standard output, also for an error; everything else goes to the standard error. */
public final class Output {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean quiet;
    private final Style style;
    private final ProgressBar progress;

    /**
     * @param out for the answer
     * @param err for errors and progress
     * @param json whether the answer is a JSON document
     * @param quiet whether nothing is said that was not asked for
     * @param style for text
     * @param terminal whether {@code err} is a terminal
     */
    public Output(PrintStream out, PrintStream err, boolean json, boolean quiet, Style style, boolean terminal) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
        this.style = style;
        this.progress = new ProgressBar(err, terminal, System::nanoTime);
    }

    /** Whether the answer is a JSON document. */
    public boolean json() {
        return json;
    }

    /** Told how far the operation has come. */
    public ProgressListener progress() {
        return quiet ? ProgressListener.NONE : progress;
    }

    /** A remark while the command runs, on the standard error; nothing if quiet. */
    public void remark(String text) {
        if (!quiet) {
            new Page(err, style).note(text);
            err.flush();
        }
    }

    /** The answer. */
    public void answer(Answer answer) {
        write(answer, out);
    }

    /** An error: on the standard error, with JSON on the standard output like any answer. */
    public void error(ErrorAnswer error) {
        write(error, json ? out : err);
    }

    private void write(Answer answer, PrintStream to) {
        progress.close();
        if (json) {
            to.println(document(answer));
        } else if (quiet) {
            answer.printQuietly(new Page(to, style));
        } else {
            answer.print(new Page(to, style));
        }
        to.flush();
    }

    /** Whether everything could be written: a full disk behind a redirection must not look like success. */
    public boolean arrived() {
        return !out.checkError();
    }

    private static String document(Answer answer) {
        try {
            return MAPPER.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(answer.getClass() + " cannot be written as JSON", e);
        }
    }
}
