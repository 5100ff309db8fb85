package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.AuditDamage;
import dev.cairn.backup.AuditDamage.Kind;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.MemoryFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every small change to a log of three files is named, by the library and by the script of the documentation. */
class AuditTamperTest {

    private static final Path DOCUMENTATION =
            Path.of("..", "docs", "audit.md").toAbsolutePath().normalize();

    private final BlobStore state = new MemoryBlobStore();
    private MemoryFolder memory;
    private Path folder;
    private AuditPosition head;
    /** The files as they were written, each a list of lines with their line feeds. */
    private final TreeMap<String, List<byte[]>> original = new TreeMap<>();

    @BeforeEach
    void writeALogOfThreeFiles() throws IOException {
        memory = MemoryFolder.create();
        folder = memory.path().resolve("audit");
        try (AuditLog log = log().open()) {
            Incident first = log.report(AuditLines.report("the first"));
            for (int i = 0; i < 8; i++) {
                log.append(AuditLines.event("target-" + i));
            }
            log.close(first.id(), AuditLines.closing());
            log.report(AuditLines.report("the second"));
            head = log.head();
        }
        for (Path file : AuditLines.files(folder)) {
            original.put(file.getFileName().toString(), lines(Files.readAllBytes(file)));
        }
        assertTrue(original.size() >= 3, original.keySet().toString());
        assertTrue(verified().intact(), verified().describe());
    }

    @AfterEach
    void removeFiles() throws IOException {
        memory.close();
    }

    private FileAuditLog log() {
        return FileAuditLog.at(folder, state)
                .rotateAt(FileAuditLog.MIN_FILE_BYTES)
                .withoutDays();
    }

    private AuditVerification verified() {
        return log().verify();
    }

    private static List<byte[]> lines(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(Arrays.copyOfRange(bytes, from, i + 1));
                from = i + 1;
            }
        }
        return lines;
    }

    private static byte[] joined(List<byte[]> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        lines.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** The line that is wrong when the file has this content instead of its own; the file is put back. */
    private AuditDamage damage(String file, byte[] content) throws IOException {
        Files.write(folder.resolve(file), content);
        AuditVerification verification = verified();
        Files.write(folder.resolve(file), joined(original.get(file)));
        return verification.damage().orElseThrow(() -> new AssertionError(file + " is not what was written"));
    }

    private long firstSequence(String file) {
        return Long.parseLong(file.replaceAll("[^0-9]", ""));
    }

    @Test
    void everyByteWithAFlippedBitIsNamedWithItsLine() throws IOException {
        int flips = 0;
        for (String file : original.keySet()) {
            byte[] content = joined(original.get(file));
            int line = 1;
            for (int i = 0; i < content.length; i++) {
                for (int bit : new int[] {0, 5}) {
                    byte[] altered = content.clone();
                    altered[i] ^= (byte) (1 << bit);
                    AuditDamage damage = damage(file, altered);
                    String what = "byte " + i + " of " + file + ", bit " + bit + ": " + damage;
                    assertEquals(file, damage.file(), what);
                    assertEquals(line, damage.line(), what);
                    assertEquals(firstSequence(file) + line - 1, damage.sequence(), what);
                    assertTrue(damage.kind() == Kind.ALTERED || damage.kind() == Kind.TORN, what);
                    flips++;
                }
                line += content[i] == '\n' ? 1 : 0;
            }
        }
        assertTrue(flips > 5_000, flips + " flips");
    }

    @Test
    void everyRemovedLineIsNamed() throws IOException {
        for (String file : original.keySet()) {
            for (int i = 0; i < original.get(file).size(); i++) {
                List<byte[]> rest = new ArrayList<>(original.get(file));
                rest.remove(i);
                AuditDamage damage = damage(file, joined(rest));
                assertEquals(Kind.MISSING, damage.kind(), damage.toString());
                assertEquals(firstSequence(file) + i, damage.sequence(), damage.toString());
            }
        }
    }

    @Test
    void everyRepeatedLineIsNamed() throws IOException {
        for (String file : original.keySet()) {
            int count = original.get(file).size();
            for (int i = 0; i < count; i++) {
                for (int at : new int[] {i + 1, count}) {
                    List<byte[]> more = new ArrayList<>(original.get(file));
                    more.add(at, more.get(i));
                    AuditDamage damage = damage(file, joined(more));
                    assertEquals(Kind.DUPLICATED, damage.kind(), damage.toString());
                    assertEquals(file, damage.file());
                    assertEquals(at + 1, damage.line(), damage.toString());
                }
            }
        }
    }

    @Test
    void everySwapOfTwoLinesIsNamed() throws IOException {
        for (String file : original.keySet()) {
            int count = original.get(file).size();
            for (int i = 0; i < count; i++) {
                for (int j = i + 1; j < count; j++) {
                    List<byte[]> swapped = new ArrayList<>(original.get(file));
                    Collections.swap(swapped, i, j);
                    AuditDamage damage = damage(file, joined(swapped));
                    assertEquals(Kind.REORDERED, damage.kind(), damage.toString());
                    assertEquals(i + 1, damage.line(), damage.toString());
                    assertEquals(firstSequence(file) + i, damage.sequence(), damage.toString());
                }
            }
        }
    }

    @Test
    void everyCutIsNamedWithItsLine() throws IOException {
        for (String file : original.keySet()) {
            byte[] content = joined(original.get(file));
            int line = 0;
            for (int length = 0; length < content.length; length++) {
                boolean boundary = length > 0 && content[length - 1] == '\n';
                line += boundary ? 1 : 0;
                AuditDamage damage = damage(file, Arrays.copyOf(content, length));
                assertEquals(boundary ? Kind.MISSING : Kind.TORN, damage.kind(), damage.toString());
                assertEquals(firstSequence(file) + line, damage.sequence(), length + " bytes: " + damage);
            }
        }
    }

    @Test
    void removedRenamedAndCopiedFilesAreNamed() throws IOException {
        List<String> files = List.copyOf(original.keySet());
        for (String file : files) {
            Files.delete(folder.resolve(file));
            AuditDamage damage = verified().damage().orElseThrow();
            assertEquals(Kind.MISSING, damage.kind(), damage.toString());
            assertEquals(firstSequence(file), damage.sequence(), damage.toString());
            Files.write(folder.resolve(file), joined(original.get(file)));
        }
        Path first = folder.resolve(files.get(0));
        Path second = folder.resolve(files.get(1));
        Files.write(first, joined(original.get(files.get(1))));
        Files.write(second, joined(original.get(files.get(0))));
        assertEquals(Kind.REORDERED, verified().damage().orElseThrow().kind());
        Files.write(first, joined(original.get(files.get(0))));
        Files.write(second, joined(original.get(files.get(1))));
        Path copy = folder.resolve("audit-000000009999.jsonl");
        Files.copy(first, copy);
        assertEquals(Kind.DUPLICATED, verified().damage().orElseThrow().kind());
        Files.delete(copy);
        Path renamed = folder.resolve("audit-000000009998.jsonl");
        Files.move(folder.resolve(files.get(files.size() - 1)), renamed);
        assertEquals(Kind.ALTERED, verified().damage().orElseThrow().kind(), "it has another name");
        Files.move(renamed, folder.resolve(files.get(files.size() - 1)));
        assertTrue(verified().intact());
        for (String file : files) {
            Files.delete(folder.resolve(file));
        }
        assertEquals(Kind.MISSING, verified().damage().orElseThrow().kind());
    }

    @Test
    void linesOfOneFileMovedToAnotherAreNamed() throws IOException {
        List<String> files = List.copyOf(original.keySet());
        List<byte[]> all = new ArrayList<>(original.get(files.get(0)));
        all.addAll(original.get(files.get(1)));
        Files.delete(folder.resolve(files.get(1)));
        AuditDamage damage = damage(files.get(0), joined(all));
        assertEquals(Kind.ALTERED, damage.kind(), "the chain holds, but a first line stands within a file");
        assertEquals(firstSequence(files.get(1)), damage.sequence());
    }

    @Test
    void aHistoryWrittenAnewIsNoticedByTheHeadRecordAlone() throws Exception {
        String prev = "0".repeat(64);
        for (String file : original.keySet()) {
            List<byte[]> forged = new ArrayList<>();
            for (byte[] line : original.get(file)) {
                String text = new String(line, StandardCharsets.UTF_8)
                        .stripTrailing()
                        .replace("target-3", "target-x")
                        .replaceFirst("\"prev\":\"[0-9a-f]{64}\"", "\"prev\":\"" + prev + "\"");
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                prev = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
                forged.add((text + "\n").getBytes(StandardCharsets.UTF_8));
            }
            Files.write(folder.resolve(file), joined(forged));
        }
        AuditDamage damage = verified().damage().orElseThrow();
        assertEquals(Kind.ALTERED, damage.kind());
        assertEquals(head.sequence(), damage.sequence(), damage.toString());
        AuditVerification alone = FileAuditLog.verifyWithoutHead(folder);
        assertTrue(alone.intact(), "a forged chain is a chain");
        assertFalse(alone.endProven(), "and the verdict says what it does not cover");
        assertThrows(DamagedAuditException.class, () -> log().open());
    }

    @Test
    void aLineWithoutEndIsRefusedWithoutBeingReadIntoMemory() throws IOException {
        String file = original.lastKey();
        byte[] content = joined(original.get(file));
        byte[] huge = Arrays.copyOf(content, content.length + 40_000_000);
        Arrays.fill(huge, content.length, huge.length - 1, (byte) 'x');
        huge[huge.length - 1] = '\n';
        AuditDamage damage = damage(file, huge);
        assertEquals(Kind.ALTERED, damage.kind());
        assertEquals(original.get(file).size() + 1, damage.line(), damage.toString());
        assertTrue(damage.expected().contains("at most"), damage.toString());
    }

    @Test
    void withoutAHeadRecordTheLogIsDamaged() throws IOException {
        AuditVerification lost = FileAuditLog.at(folder, new MemoryBlobStore()).verify();
        assertEquals(Kind.MISSING, lost.damage().orElseThrow().kind());
        assertTrue(lost.describe().contains("head record"), lost.describe());
        assertThrows(
                DamagedAuditException.class,
                () -> FileAuditLog.at(folder, new MemoryBlobStore()).open());
        assertEquals(head.sequence(), FileAuditLog.verifyWithoutHead(folder).to());
    }

    @Test
    void openingRefusesWhatTouchesTheLastFileAndLeavesItAlone() throws IOException {
        String file = original.lastKey();
        byte[] content = joined(original.get(file));
        for (int i = 0; i < content.length; i += 7) {
            byte[] altered = content.clone();
            altered[i] ^= 1;
            Files.write(folder.resolve(file), altered);
            DamagedAuditException refused = assertThrows(DamagedAuditException.class, () -> log().open(), "byte " + i);
            assertEquals(file, refused.damage().file());
            assertEquals(Optional.of(refused.damage()), verified().damage());
            assertTrue(Arrays.equals(altered, Files.readAllBytes(folder.resolve(file))), "it is evidence");
        }
    }

    @Test
    void theScriptOfTheDocumentationComesToTheSameVerdicts() throws Exception {
        assumeTrue(Files.isRegularFile(DOCUMENTATION), "the documentation is not beside this module");
        assumeTrue(python("-c", "pass") == 0, "python3 is not installed");
        String text = Files.readString(DOCUMENTATION);
        int from = text.indexOf("```python") + "```python\n".length();
        Path script = memory.path().resolve("verify_audit.py");
        Files.writeString(script, text.substring(from, text.indexOf("```", from)));
        assertEquals(0, run(script), "an intact log");
        assertEquals(0, python(script.toString(), folder.toString()), "without a head");
        int compared = 0;
        for (String file : original.keySet()) {
            List<byte[]> lines = original.get(file);
            byte[] content = joined(lines);
            List<byte[]> variants = new ArrayList<>();
            for (int i = 0; i < content.length; i += 311) {
                byte[] altered = content.clone();
                altered[i] ^= 1;
                variants.add(altered);
                variants.add(Arrays.copyOf(content, i));
            }
            for (int i = 0; i < lines.size(); i++) {
                List<byte[]> changed = new ArrayList<>(lines);
                byte[] line = changed.remove(i);
                variants.add(joined(changed));
                changed.add(line);
                variants.add(joined(changed));
                changed.add(line);
                variants.add(joined(changed));
            }
            for (byte[] variant : variants) {
                Files.write(folder.resolve(file), variant);
                AuditVerification verdict = verified();
                assertEquals(verdict.intact(), run(script) == 0, verdict.describe());
                compared++;
            }
            Files.write(folder.resolve(file), content);
        }
        assertTrue(compared > 40, compared + " compared");
        assertEquals(0, run(script), "an intact log again");
    }

    private int run(Path script) throws Exception {
        return python(script.toString(), folder.toString(), Long.toString(head.sequence()), head.hash());
    }

    private static int python(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-S", "-E"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
