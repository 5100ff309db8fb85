package dev.cairn.backup.examples.factory.backups;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.archive.ArchiveFormat;
import dev.cairn.backup.core.archive.ArchiveKey;
import dev.cairn.backup.core.archive.ExportReport;
import dev.cairn.backup.core.archive.ExportRequest;
import dev.cairn.backup.core.archive.ImportRequest;
import dev.cairn.backup.core.archive.SnapshotArchive;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.JsonDigests;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.FactoryPlace;
import dev.cairn.backup.examples.factory.federation.Proofs;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.BufferedInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The archives of the proofs, {@code archive/proof/YYYY-MM-DD.tar.gz.enc}: a day's snapshot as {@code openssl enc} opens it, and beside it a statement that the factory has signed, with the MAC without
 * which an archive must not be opened.
 */
public final class ProofArchives {

    /** How long they are kept, in days. */
    public static final int KEPT_DAYS = 90;

    private static final String SUFFIX = ".tar.gz.enc";

    private final FactoryPlace place;
    private final ArchiveKey key;
    private final ReceiptSigner signer;

    /** Archives under a key, with statements signed by the factory. */
    public ProofArchives(FactoryPlace place, ArchiveKey key, ReceiptSigner signer) {
        this.place = place;
        this.key = key;
        this.signer = signer;
    }

    /** Where a day's archive is. */
    public Path file(LocalDate day) {
        return place.archive().resolve(day + SUFFIX);
    }

    /** Where the statement about it is. */
    public Path statementFile(LocalDate day) {
        return place.archive().resolve(day + SUFFIX + ".json");
    }

    /** Writes the archive of a snapshot's proofs, in place of one of the same day. */
    public Path write(PackedRepository repository, SnapshotId id) throws IOException {
        try (SnapshotReader reader = repository.read(id)) {
            SnapshotMetadata snapshot = reader.manifest().metadata();
            LocalDate day = DatedSnapshots.dayOf(snapshot);
            Files.createDirectories(place.archive());
            Path fresh = place.archive().resolve("." + day + ".new");
            ExportReport exported;
            try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
                ExportRequest request = ExportRequest.of(ArchiveFormat.TAR_GZIP)
                        .datasets(Datasets.PROOFS)
                        .key(key);
                exported = SnapshotArchive.export(reader, request, out);
                out.getFD().sync();
            }
            // The statement goes first: an archive without its MAC would be of no use.
            Proofs.publish(statementFile(day), text(statement(snapshot, root(reader), exported)));
            Files.move(fresh, file(day), StandardCopyOption.ATOMIC_MOVE);
            Proofs.force(place.archive());
            return file(day);
        }
    }

    private SignedStatement statement(SnapshotMetadata snapshot, String root, ExportReport exported) {
        Map<String, Object> said = new TreeMap<>();
        said.put("kind", "proof_archive");
        said.put("snapshot", snapshot.id().value());
        said.put("takenAt", snapshot.createdAt().toString());
        said.put("root", root);
        said.put("entries", exported.entries());
        said.put("bytes", exported.archiveBytes());
        said.put("sha256", exported.sha256());
        said.put("mac", exported.mac().orElseThrow());
        return SignedStatement.of(Json.MAPPER.valueToTree(said).toString()).signedBy(signer);
    }

    /** The Merkle root over the proofs of a snapshot, in the order of their paths. */
    private static String root(SnapshotReader snapshot) throws IOException {
        return JsonDigests.merkleRoot(
                new ArrayList<>(StoredProofs.texts(snapshot).values()));
    }

    /** Whether the live proofs that a day's archive holds have the Merkle root that was signed when it was made. */
    public boolean rootHolds(LocalDate day) throws IOException {
        SortedMap<String, String> live = new Proofs(place.proofs()).texts();
        live.keySet().retainAll(verify(day).content());
        return JsonDigests.merkleRoot(new ArrayList<>(live.values()))
                .equals(Json.read(statement(day).statement()).path("root").asText());
    }

    private static String text(SignedStatement statement) {
        return new String(statement.encode(), StandardCharsets.UTF_8);
    }

    /**
     * What was signed about a day's archive.
     *
     * @throws DamagedReceiptException if it is damaged or not signed by the factory
     */
    public SignedStatement statement(LocalDate day) throws IOException {
        String name = statementFile(day).getFileName().toString();
        SignedStatement statement = SignedStatement.decode(name, Files.readAllBytes(statementFile(day)));
        if (!new KeyRegistry(place.config()).keys().verify(statement).signedBy("factory")) {
            throw new DamagedReceiptException(name, "is not signed by the factory", null);
        }
        return statement;
    }

    /**
     * The daily verification: MAC and every digest, the list of what is in it, and whether it is as large as an archive must be.
     *
     * @param archive its name
     * @param bytes its size
     * @param leastBytes the least size of an archive
     * @param content the paths of its entries
     * @param problems why it is not good; empty if it is
     */
    public record Verified(String archive, long bytes, long leastBytes, List<String> content, List<String> problems) {}

    /** Verifies a day's archive. What is damaged is an exception, what is too small a problem. */
    public Verified verify(LocalDate day) throws IOException {
        List<String> problems = new ArrayList<>();
        List<String> content = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file(day)));
                FileScratch scratch = FileScratch.at(place.scratch())) {
            SnapshotArchive.verify(in, sealed(day, scratch), (dataset, path) -> content.add(path.toString()));
            content.remove(""); // The folder itself.
        }
        long bytes = Files.size(file(day));
        long least = leastBytes();
        if (bytes < least) {
            problems.add(file(day).getFileName() + " has " + bytes + " bytes, at least " + least + " are expected");
        }
        return new Verified(file(day).getFileName().toString(), bytes, least, content, problems);
    }

    private long leastBytes() throws IOException {
        JsonNode least = Json.read(Files.readString(place.config().resolve("archive.json")))
                .path("leastBytes");
        if (!least.canConvertToLong() || least.asLong() < 1) {
            throw new InvalidValueException("leastBytes in archive.json", least, "a number of bytes, 1 or more");
        }
        return least.asLong();
    }

    /** Makes a snapshot of a day's archive again, which a restore can be made from. */
    public SnapshotMetadata importInto(PackedRepository repository, LocalDate day) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file(day)));
                FileScratch scratch = FileScratch.at(place.scratch())) {
            return SnapshotArchive.importSnapshot(in, repository, sealed(day, scratch));
        }
    }

    private ImportRequest sealed(LocalDate day, FileScratch scratch) throws IOException {
        return ImportRequest.of(scratch)
                .key(key, Json.read(statement(day).statement()).path("mac").asText());
    }

    /** The days of which there is an archive, oldest first. */
    public List<LocalDate> days() throws IOException {
        if (!Files.isDirectory(place.archive())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place.archive())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .flatMap(name -> day(name.substring(0, name.length() - SUFFIX.length())))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<LocalDate> day(String name) {
        try {
            return Stream.of(LocalDate.parse(name));
        } catch (DateTimeParseException e) {
            return Stream.of(); // Not an archive of ours.
        }
    }

    /** Removes archives of more than 90 days before a day; answers how many. */
    public int prune(LocalDate today) throws IOException {
        int removed = 0;
        for (LocalDate day : days()) {
            if (day.isBefore(today.minusDays(KEPT_DAYS))) {
                Files.delete(file(day));
                Files.deleteIfExists(statementFile(day));
                removed++;
            }
        }
        return removed;
    }
}
