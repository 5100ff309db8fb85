package dev.cairn.backup.core.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.RecordForm;
import dev.cairn.backup.fs.FileBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/proof.md} says is run as it stands there: proofs are worth something only if they can be verified without this library. Needs {@code openssl} 3 and {@code python3}; where one is missing, its tests are skipped and say so.
 */
class ProofDocumentTest {

    private static final Path DOCUMENT =
            Path.of("..", "docs", "proof.md").toAbsolutePath().normalize();
    private static final Receipt RECEIPT =
            SigningKeys.signed(SigningKeys.signed(SigningKeys.unsigned(), SigningKeys.factory()), SigningKeys.tower());

    @TempDir
    Path folder;

    /** Writes a block of code of the document into the folder. */
    private void block(String name) throws IOException {
        assumeTrue(Files.isRegularFile(DOCUMENT), "the document is not beside this module");
        Matcher blocks = Pattern.compile(
                        "```(?:sh|python)\n# " + Pattern.quote(name) + "[^\n]*\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT));
        assertTrue(blocks.find(), name);
        Files.writeString(folder.resolve(name), blocks.group(1));
    }

    private record Ended(int exit, String output) {}

    private Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " did not end");
        }
        return new Ended(process.exitValue(), output);
    }

    private void needs(String tool, String... more) throws InterruptedException {
        boolean found;
        try {
            found = run(Stream.concat(Stream.of(tool), Stream.of(more)).toArray(String[]::new))
                            .exit()
                    == 0;
        } catch (IOException e) {
            found = false;
        }
        assumeTrue(found, tool + " is not installed");
    }

    private void withOpenssl() throws Exception {
        needs("openssl", "version");
        assumeTrue(run("openssl", "version").output().startsWith("OpenSSL 3"), "openssl 3 is not installed");
        Files.writeString(folder.resolve("factory.pub.pem"), SigningKeys.publicPem(SigningKeys.FACTORY));
        Files.writeString(folder.resolve("tower.pub.pem"), SigningKeys.publicPem(SigningKeys.TOWER));
        block("verify-receipt.sh");
        block("verify-countersignature.sh");
    }

    @Test
    void opensslAloneVerifiesAReceiptAndItsCountersignature() throws Exception {
        withOpenssl();
        Files.write(folder.resolve("receipt.json"), ReceiptFile.encode(RECEIPT));
        Ended first = run("sh", "verify-receipt.sh");
        assertEquals(0, first.exit(), first.output());
        assertTrue(first.output().contains("Verified Successfully"), first.output());
        Ended second = run("sh", "verify-countersignature.sh");
        assertEquals(0, second.exit(), second.output());
        assertTrue(second.output().contains("Verified Successfully"), second.output());
    }

    @Test
    void opensslRefusesAReceiptThatWasAltered() throws Exception {
        withOpenssl();
        JsonObject forged = JsonObject.parse(ReceiptFile.encode(RECEIPT));
        forged.fields().remove("digest");
        forged.object("statement").put("verdict", "FAILED");
        Files.write(folder.resolve("receipt.json"), RecordForm.digested(forged));
        assertEquals(1, run("sh", "verify-receipt.sh").exit());
        assertEquals(1, run("sh", "verify-countersignature.sh").exit());
    }

    /** A key that openssl has made signs here, and openssl verifies. */
    @Test
    void aKeyOfOpensslSigns() throws Exception {
        withOpenssl();
        assertEquals(
                0,
                run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "factory.pem")
                        .exit());
        assertEquals(
                0,
                run("openssl", "pkey", "-in", "factory.pem", "-pubout", "-out", "factory.pub.pem")
                        .exit());
        Receipt signed = SigningKeys.signed(
                SigningKeys.unsigned(),
                ReceiptSigners.ed25519("factory", SigningKeys.text(Files.readString(folder.resolve("factory.pem")))));
        Files.write(folder.resolve("receipt.json"), ReceiptFile.encode(signed));
        assertEquals(0, run("sh", "verify-receipt.sh").exit());
        assertTrue(ReceiptKeys.none()
                .ed25519("factory", Files.readString(folder.resolve("factory.pub.pem")))
                .verify(signed)
                .valid());
    }

    @Test
    void pythonAloneVerifiesHmacAsFirstAndAsCountersignature() throws Exception {
        needs("python3", "--version");
        block("verify_hmac.py");
        Files.writeString(folder.resolve("secret.hex"), SigningKeys.SECRET + "\n");
        for (Receipt receipt : List.of(
                SigningKeys.signed(SigningKeys.unsigned(), SigningKeys.office()),
                SigningKeys.signed(RECEIPT, SigningKeys.office()))) {
            byte[] file = ReceiptFile.encode(receipt);
            Files.write(folder.resolve("receipt.json"), file);
            Ended right = run("python3", "verify_hmac.py", "receipt.json", "secret.hex", "office");
            assertEquals(0, right.exit(), right.output());
            String altered = new String(file, StandardCharsets.UTF_8).replace("PT30S", "PT31S");
            Files.writeString(folder.resolve("receipt.json"), altered);
            assertEquals(
                    1,
                    run("python3", "verify_hmac.py", "receipt.json", "secret.hex", "office")
                            .exit());
        }
    }

    /** An implementation of its own, in another language, of canonical JSON, Merkle roots and digests. */
    @Test
    void pythonComputesTheSameRootsAndDigest() throws Exception {
        needs("python3", "--version");
        block("snapshot_digest.py");
        FakeDataset one = FakeDataset.of("one").identity("größe \"1\"\n");
        for (int i = 0; i < 13; i++) {
            one.file("größe/a b " + i, "content " + i);
        }
        FileBlobStore store = FileBlobStore.at(folder.resolve("repository"));
        try (SnapshotManager backups = Cairn.builder()
                .repository(BrowsableRepository.at(store))
                .state(FileBlobStore.at(folder.resolve("state")))
                .dataset(one)
                .dataset(FakeDataset.of("two").file("x", ""))
                .dataset(FakeDataset.of("three").absent())
                .open()) {
            backups.create();
            one.file("größe/a b 7", "changed");
            String id = backups.create().id().value();
            SnapshotProof proof;
            try (BrowsableRepository repository =
                    BrowsableRepository.at(FileBlobStore.at(folder.resolve("repository")))) {
                proof = repository.proofs().orElseThrow().proof(SnapshotId.of(id));
            }
            assertEquals(1, proof.previous().size());
            Ended python = run("python3", "snapshot_digest.py", "repository/" + id + "/manifest.json");
            assertEquals(proof.root().orElseThrow() + " " + proof.digest() + "\n", python.output());
            Path manifest = folder.resolve("repository/" + id + "/manifest.json");
            Path altered = folder.resolve("altered.json");
            Files.writeString(altered, Files.readString(manifest).replace("a b 7", "a b_7"));
            assertEquals(1, run("python3", "snapshot_digest.py", "altered.json").exit());
        }
    }
}
