package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.core.archive.ImportRequest;
import dev.cairn.backup.core.archive.SnapshotArchive;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a snapshot of an archive. */
@Command(
        name = "import",
        description =
                "Make a snapshot of a file that 'export' wrote. All is checked before it is committed. It is of the lineage "
                        + "'imported', so 'list --all' shows it.")
public final class ImportCommand extends Subcommand {

    @Parameters(paramLabel = "FILE", description = "The archive.")
    private String file = "";

    @Option(names = "--id", paramLabel = "ID", description = "The id of the new snapshot. Default: snap-<number>.")
    private @Nullable String id;

    @Option(
            names = "--mac",
            paramLabel = "HEX",
            description = "The MAC of an encrypted archive. Default: what is in FILE.mac.")
    private @Nullable String mac;

    @Mixin
    private Passphrase passphrase = new Passphrase();

    /** Made by picocli. */
    ImportCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        Path archive = in.around().folder().resolve(file);
        if (!Files.isRegularFile(archive)) {
            throw new InvalidValueException("file", archive, "a file that 'cairn export' wrote");
        }
        Optional<SnapshotId> wanted = Optional.ofNullable(id).map(SnapshotId::of);
        Optional<ImportRequest.Seal> seal = passphrase.key(in).map(key -> new ImportRequest.Seal(key, macOf(archive)));
        try (Session session = in.standIn();
                SnapshotRepository repository = in.reading();
                BlobStore state = in.configuration().stateStore()) {
            ImportRequest request = ImportRequest.of(scratch(in.configuration(), state))
                    .cancellation(in.cancellation())
                    .progress(in.output().progress());
            request = wanted.map(request::id).orElse(request);
            ImportRequest complete =
                    seal.isPresent() ? request.key(seal.get().key(), seal.get().mac()) : request;
            SnapshotMetadata made = AuditedWork.run(
                    in, session, "snapshot.import", archive.toString(), () -> read(archive, repository, complete));
            return ImportAnswer.of(archive, made);
        }
    }

    private static SnapshotMetadata read(Path archive, SnapshotRepository repository, ImportRequest request) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
            return SnapshotArchive.importSnapshot(in, repository, request);
        } catch (IOException e) {
            throw unreadable(archive, e);
        }
    }

    private String macOf(Path archive) {
        if (mac != null) {
            return mac;
        }
        Path beside = ExportCommand.macFile(archive);
        if (!Files.isRegularFile(beside)) {
            throw new InvalidValueException(
                    "--mac", "", "the MAC of the archive, which 'cairn export' printed; there is no " + beside);
        }
        try {
            return Files.readString(beside).strip();
        } catch (IOException e) {
            throw unreadable(beside, e);
        }
    }

    private static StoreException unreadable(Path file, IOException e) {
        return new StoreException(
                StoreException.Reason.IO, file + " cannot be read: " + e, "Look after its disk and its rights", e);
    }

    private static ScratchSpace scratch(Configuration configuration, BlobStore state) {
        return configuration
                .scratch()
                .<ScratchSpace>map(FileScratch::at)
                .or(state::scratch)
                .orElseThrow(() -> new InvalidValueException("/scratch", "", "a folder, which an import needs"));
    }
}
