package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.core.inspect.SnapshotContents;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands out the bytes of one file in a snapshot. */
@Command(
        name = "cat",
        description =
                "Write one file of a snapshot to the standard output, byte for byte and verified. If the exit code is not 0, "
                        + "what came is not to be used. Reads only; the host may run.")
public final class CatCommand extends Subcommand {

    /** What one JSON document can carry. */
    static final int MOST_IN_JSON = 16 << 20;

    @Parameters(
            paramLabel = "ID:DATASET/PATH",
            description =
                    "A snapshot by its id or as 'latest', and a file in it. Of a dataset that is one file, such as a database, its name is enough.")
    private String place = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this new file instead.")
    private @Nullable String output;

    /** Made by picocli. */
    CatCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        EntryPlace wanted = EntryPlace.of(place);
        if (wanted.dataset().isEmpty()) {
            throw new InvalidValueException("place", place, "ID:DATASET/PATH");
        }
        try (SnapshotRepository repository = in.reading();
                SnapshotReader reader =
                        repository.read(SnapshotChoice.of(in, repository, wanted.snapshot(), wanted.datasets()))) {
            SnapshotContents contents = SnapshotContents.of(reader);
            EntryPath path = wanted.path().isRoot() ? only(contents, wanted.dataset()) : wanted.path();
            EntryContent content = contents.content(wanted.dataset(), path);
            String id = reader.manifest().metadata().id().value();
            if (output != null) {
                Path file = in.around().folder().resolve(output);
                Copied copied = NewFile.write(file, out -> copy(in, content, out, Long.MAX_VALUE));
                return new CatAnswer(
                        id,
                        wanted.dataset(),
                        path.value(),
                        copied.bytes(),
                        copied.sha256(),
                        file.toString(),
                        null,
                        false);
            }
            return toOutput(in, id, wanted.dataset(), path, content);
        }
    }

    private static CatAnswer toOutput(Invocation in, String id, String dataset, EntryPath path, EntryContent content) {
        if (in.output().json()) {
            ByteArrayOutputStream held = new ByteArrayOutputStream();
            Copied copied = copy(in, content, held, MOST_IN_JSON);
            String text = Base64.getEncoder().encodeToString(held.toByteArray());
            return new CatAnswer(id, dataset, path.value(), copied.bytes(), copied.sha256(), null, text, true);
        }
        Copied copied = copy(in, content, in.around().out(), Long.MAX_VALUE);
        return new CatAnswer(id, dataset, path.value(), copied.bytes(), copied.sha256(), null, null, true);
    }

    /** The file of a dataset that is no more than one. */
    private static EntryPath only(SnapshotContents contents, String dataset) {
        try (EntryCursor entries = contents.tree(dataset, EntryPath.ROOT)) {
            EntryPath found = null;
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() != EntryType.FILE || found != null) {
                    return EntryPath.ROOT; // Refused as the folder that it is, or as nothing.
                }
                found = entry.path();
            }
            return found == null ? EntryPath.ROOT : found;
        }
    }

    private record Copied(long bytes, String sha256) {}

    private static Copied copy(Invocation in, EntryContent content, OutputStream out, long most) {
        try (InputStream from = content.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[1 << 16];
            long bytes = 0;
            for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
                in.cancellation().throwIfCancelled("reading a file of a snapshot");
                bytes += count;
                if (bytes > most) {
                    throw new InvalidValueException(
                            "--json",
                            "a file of more than " + most + " bytes",
                            "a smaller one, or --output FILE with it");
                }
                digest.update(piece, 0, count);
                out.write(piece, 0, count);
                if (out instanceof PrintStream printed && printed.checkError()) {
                    break; // As behind "| head": nobody reads the rest, and the lost output is told at the end.
                }
            }
            out.flush();
            return new Copied(bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO, "The file cannot be copied: " + e, "Look after both disks", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
