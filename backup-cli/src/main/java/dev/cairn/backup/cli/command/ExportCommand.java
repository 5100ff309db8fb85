package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.core.archive.ArchiveFormat;
import dev.cairn.backup.core.archive.ArchiveKey;
import dev.cairn.backup.core.archive.ExportReport;
import dev.cairn.backup.core.archive.ExportRequest;
import dev.cairn.backup.core.archive.SnapshotArchive;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a snapshot into one file. */
@Command(
        name = "export",
        description =
                "Write a snapshot into one tar file, from which 'import' makes it again in any repository. Of an encrypted "
                        + "one the MAC, without which nobody should trust it, is put beside it in FILE.mac.")
public final class ExportCommand extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID|latest", description = "The snapshot.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "A new file; its name tells the format: .tar, .tar.gz, .tgz or .tar.zst, before .enc if it is encrypted.")
    private String file = "";

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only this dataset; repeatable.")
    private List<String> datasets = new ArrayList<>();

    @Mixin
    private Passphrase passphrase = new Passphrase();

    /** Made by picocli. */
    ExportCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        Optional<ArchiveKey> key = passphrase.key(in);
        ExportRequest request = ExportRequest.of(format(file, key.isPresent()))
                .datasets(datasets.toArray(String[]::new))
                .cancellation(in.cancellation())
                .progress(in.output().progress());
        ExportRequest wanted = key.map(request::key).orElse(request);
        Path target = in.around().folder().resolve(file);
        try (Session session = in.standIn();
                SnapshotRepository repository = in.reading()) {
            SnapshotId snapshot = SnapshotChoice.of(in, repository, id, datasets);
            return AuditedWork.run(
                    in,
                    session,
                    "snapshot.export",
                    snapshot.value(),
                    () -> write(repository, snapshot, wanted, target));
        }
    }

    private static ExportAnswer write(
            SnapshotRepository repository, SnapshotId snapshot, ExportRequest wanted, Path target) {
        if (wanted.key().isPresent()) {
            NewFile.refuseTaken(macFile(target));
        }
        try (SnapshotReader reader = repository.read(snapshot)) {
            ExportReport report = NewFile.write(target, out -> SnapshotArchive.export(reader, wanted, out));
            try {
                report.mac().ifPresent(mac -> NewFile.writeText(macFile(target), mac + "\n"));
            } catch (RuntimeException e) {
                NewFile.remove(target); // Without its MAC nobody could trust it.
                throw e;
            }
            return ExportAnswer.of(snapshot, target, report);
        }
    }

    static Path macFile(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".mac");
    }

    static ArchiveFormat format(String file, boolean encrypted) {
        String name = file.toLowerCase(Locale.ROOT);
        String bare = encrypted && name.endsWith(".enc") ? name.substring(0, name.length() - 4) : name;
        if (bare.endsWith(".tar.gz") || bare.endsWith(".tgz")) {
            return ArchiveFormat.TAR_GZIP;
        }
        if (bare.endsWith(".tar.zst")) {
            return ArchiveFormat.TAR_ZSTD;
        }
        if (bare.endsWith(".tar")) {
            return ArchiveFormat.TAR;
        }
        throw new InvalidValueException(
                "file",
                file,
                "a name that ends with .tar, .tar.gz, .tgz or .tar.zst"
                        + (encrypted
                                ? ", and .enc behind it if you like"
                                : "; .enc behind it only with --passphrase-from"));
    }
}
