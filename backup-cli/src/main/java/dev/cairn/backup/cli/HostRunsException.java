package dev.cairn.backup.cli;

import dev.cairn.backup.BackupException;
import java.nio.file.Path;

/** The application that embeds Cairn on the same state runs, so that only it may do what was asked for. Nothing was done. */
public final class HostRunsException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param host what the configuration calls it
     * @param process which process it is
     * @param pidFile how that was told
     */
    public HostRunsException(String host, String process, Path pidFile) {
        super(
                "The host '" + host + "' runs as " + process + ", and only it may change what it works on",
                "Ask the host to do it, or stop it; if that process is another one, remove " + pidFile,
                null,
                null);
    }
}
