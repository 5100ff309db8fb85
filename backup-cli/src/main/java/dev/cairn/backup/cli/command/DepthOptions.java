package dev.cairn.backup.cli.command;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.config.DurationText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How deep and how long a repository is looked at. */
final class DepthOptions {

    @Option(
            names = "--depth",
            paramLabel = "manifest|presence|content|restore",
            defaultValue = "content",
            description =
                    "manifest: manifests and listings. presence: what they name is stored. content: every stored byte. "
                            + "restore: every file put together. Default: ${DEFAULT-VALUE}.")
    private VerificationDepth depth = VerificationDepth.CONTENT;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "At most so long; what was checked longest ago comes first. Default: as long as it takes.")
    private @Nullable String budget;

    /** Made by picocli. */
    DepthOptions() {}

    RepositoryCheck check(Invocation in) {
        RepositoryCheck check =
                RepositoryCheck.of(depth).progress(in.output().progress()).cancellation(in.cancellation());
        return budget == null ? check : check.within(DurationText.parse("--budget", budget));
    }
}
