package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupException;
import java.util.stream.Collectors;

/** A source got a signal that its state refuses. Nothing was changed. */
public final class SourceTransitionException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String source;
    private final SourceState state;
    private final SourceSignal signal;

    /**
     * @param source the source
     * @param state how it stands
     * @param signal what is refused
     */
    public SourceTransitionException(String source, SourceState state, SourceSignal signal) {
        super(
                "Source '" + source + "' is " + state + " and refuses " + signal,
                "It takes " + state.takes().stream().map(Enum::name).collect(Collectors.joining(", ")) + ": "
                        + state.remedy(),
                null,
                null);
        this.source = source;
        this.state = state;
        this.signal = signal;
    }

    /** The source. */
    public String source() {
        return source;
    }

    /** How it stands. */
    public SourceState state() {
        return state;
    }

    /** What is refused. */
    public SourceSignal signal() {
        return signal;
    }
}
