package dev.cairn.backup.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class CairnVersion implements IVersionProvider {

    /** Made by picocli. */
    CairnVersion() {}

    @Override
    public String[] getVersion() {
        String version =
                Objects.requireNonNullElse(CairnVersion.class.getPackage().getImplementationVersion(), "not packaged");
        return new String[] {"cairn " + version + " on Java " + Runtime.version()};
    }
}
