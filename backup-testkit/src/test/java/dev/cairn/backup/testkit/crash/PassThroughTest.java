package dev.cairn.backup.testkit.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To the code under test it is a file system like the default one. */
class PassThroughTest {

    @TempDir
    Path temp;

    @Test
    void oneScriptDoesTheSameHereAndOnTheDefaultFileSystem() throws IOException {
        Path plain = Files.createDirectory(temp.resolve("plain"));
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("crash"));
        List<String> answers = script(plain.toRealPath());
        assertEquals(answers, script(disk.root()));
        assertEquals(Recipe.tree(plain), Recipe.tree(temp.resolve("crash")));
        assertTrue(disk.points() > 20, "and it was recorded");
    }

    private static List<String> script(Path root) throws IOException {
        List<String> answers = new ArrayList<>();
        FileSystem system = root.getFileSystem();
        Path folder = Files.createDirectories(root.resolve("one/two"));
        Path file = folder.resolve("file");
        Files.writeString(file, "hello");
        Files.writeString(file, " world", StandardOpenOption.APPEND);
        answers.add(Files.readString(file));
        answers.add(thrown(() -> Files.createFile(file)));
        answers.add(thrown(() -> Files.readString(folder.resolve("none"))));
        Files.createLink(folder.resolve("hard"), file);
        answers.add("" + Files.isSameFile(file, folder.resolve("hard")));
        answers.add("" + Files.getAttribute(file, "unix:nlink"));
        answers.add(thrown(() -> Files.createLink(folder.resolve("hard"), file)));
        Files.createSymbolicLink(folder.resolve("soft"), system.getPath("file"));
        answers.add(Files.readSymbolicLink(folder.resolve("soft")).toString());
        Files.writeString(folder.resolve("soft"), "through the link");
        answers.add(Files.readString(file));
        answers.add(thrown(
                () -> FileChannel.open(folder.resolve("soft"), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        Files.createSymbolicLink(folder.resolve("dangling"), system.getPath("made-late"));
        Files.writeString(folder.resolve("dangling"), "late");
        Files.copy(file, root.resolve("copied"), StandardCopyOption.COPY_ATTRIBUTES);
        answers.add(thrown(() -> Files.copy(file, root.resolve("copied"))));
        Files.copy(file, root.resolve("copied"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(root.resolve("copied"), folder.resolve("hard"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(folder.resolve("hard"), folder.resolve("moved"));
        answers.add(thrown(() -> Files.move(folder.resolve("moved"), file)));
        Files.move(folder.resolve("moved"), file, StandardCopyOption.REPLACE_EXISTING);
        answers.add(thrown(() -> Files.delete(folder)));
        answers.add("" + Files.deleteIfExists(folder.resolve("never")));
        Path made = Files.createTempFile(
                root, "t", "t", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        answers.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        Files.delete(made);
        try (FileChannel channel = FileChannel.open(
                root.resolve("random"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ)) {
            channel.write(ByteBuffer.wrap("0123456789".getBytes()));
            channel.write(ByteBuffer.wrap("AB".getBytes()), 20);
            channel.write(new ByteBuffer[] {ByteBuffer.wrap("x".getBytes()), ByteBuffer.wrap("yz".getBytes())});
            answers.add(channel.position() + " of " + channel.size());
            channel.truncate(15).position(3);
            channel.transferFrom(Channels.newChannel(Files.newInputStream(file)), 14, 1_000);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            answers.add(channel.read(buffer) + new String(buffer.array()));
            channel.force(false);
            try (FileLock lock = channel.lock()) {
                answers.add("" + lock.isValid());
            }
        }
        try (Stream<Path> walk = Files.walk(root)) {
            walk.sorted().forEach(path -> answers.add(root.relativize(path).toString()));
        }
        try (DirectoryStream<Path> some = Files.newDirectoryStream(folder, "f*")) {
            some.forEach(path -> answers.add(root.relativize(path).toString()));
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000)));
        Files.getFileAttributeView(file, PosixFileAttributeView.class)
                .setPermissions(PosixFilePermissions.fromString("rw-r-----"));
        Files.getFileAttributeView(folder, BasicFileAttributeView.class)
                .setTimes(FileTime.fromMillis(5_000), null, null);
        answers.add(
                Files.readAttributes(file, "posix:permissions,lastModifiedTime").toString());
        answers.add(Files.readAttributes(folder, BasicFileAttributes.class)
                .lastModifiedTime()
                .toString());
        answers.add(
                root.relativize(folder.resolve("../two/./soft").toRealPath()).toString());
        answers.add("" + Files.isWritable(file) + Files.isHidden(file) + Files.isReadable(folder));
        try (FileChannel gone = FileChannel.open(
                root.resolve("gone"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            gone.write(ByteBuffer.wrap(new byte[10]));
        }
        answers.add("" + Files.exists(root.resolve("gone")));
        return answers;
    }

    private interface Step {
        Object run() throws IOException;
    }

    private interface VoidStep {
        void run() throws IOException;
    }

    private static String thrown(Step step) {
        return assertThrows(IOException.class, step::run).getClass().getSimpleName();
    }

    private static String thrown(VoidStep step) {
        return assertThrows(IOException.class, step::run).getClass().getSimpleName();
    }

    @Test
    void itsPathsAreItsOwn() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Path root = disk.root();
        Path real = temp.resolve("real").toRealPath();
        assertEquals(real.toString(), root.toString());
        assertEquals(real.toUri(), root.toUri());
        assertNotEquals(root, real);
        assertFalse(root.startsWith(real));
        assertEquals(root.resolve("a/b"), disk.getPath(root.toString(), "a", "b"));
        assertEquals(root, root.resolve("a").getParent());
        assertEquals("b", root.resolve("a/b").getFileName().toString());
        assertNull(disk.getPath("/").getParent());
        assertTrue(disk.getPathMatcher("glob:**/*.db").matches(root.resolve("x.db")));
        assertThrows(UnsupportedOperationException.class, root::toFile);
    }

    @Test
    void whatWasThereBeforeCanBeChangedAndIsDurable() throws IOException {
        Path real = Files.createDirectories(temp.resolve("real/folder"));
        Files.writeString(real.resolve("a"), "old");
        Files.createLink(real.resolve("b"), real.resolve("a"));
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Path folder = disk.root().resolve("folder");
        Files.writeString(folder.resolve("a"), "new");
        Map<String, String> last = Recipe.tree(temp.resolve("real"));
        List<Map<String, String>> states = new ArrayList<>();
        disk.forEachState(temp.resolve("states"), CrashSampling.exhaustiveUpTo(10), state -> {
            assertTrue(Files.isSameFile(
                    state.directory().resolve("folder/a"), state.directory().resolve("folder/b")));
            states.add(Recipe.tree(state.directory()));
        });
        assertTrue(states.contains(last), "the new state");
        assertTrue(states.stream().anyMatch(state -> state.get("folder/a").equals("[111, 108, 100]")), "the old state");
    }

    @Test
    void outsideTheFolderNothingIsRecorded() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Path outside = disk.root().resolveSibling("outside");
        Files.writeString(outside, "text");
        Files.delete(outside);
        assertEquals(0, disk.points());
    }

    @Test
    void anOperationFailsWhenToldAndLeavesNothing() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Path file = disk.root().resolve("a");
        disk.failAt(1);
        assertThrows(IOException.class, () -> Files.createFile(file));
        assertThrows(NoSuchFileException.class, () -> Files.size(file));
        Files.createFile(file);
        disk.failAt(2);
        Files.createDirectory(disk.root().resolve("d"));
        assertThrows(IOException.class, () -> Files.move(file, disk.root().resolve("d/a")));
        assertTrue(Files.exists(file));
        assertEquals(List.of("create a", "mkdir d"), disk.history());
    }

    @Test
    void aFullDiskTakesHalfAWriteAndThenNothingUntilHealed() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Path file = disk.root().resolve("a");
        disk.fullAtWrite(1);
        IOException full = assertThrows(IOException.class, () -> Recipe.write(file, Recipe.bytes(100), false));
        assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
        assertEquals(50, Files.size(file));
        Files.delete(file);
        disk.heal();
        Recipe.write(file, Recipe.bytes(100), true);
        assertArrayEquals(Recipe.bytes(100), Files.readAllBytes(file));
        assertEquals(1, disk.forces());
        assertEquals(3, disk.writes());
    }

    @Test
    void aClosedChannelForcesNothing() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        FileChannel channel =
                FileChannel.open(disk.root().resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.close();
        assertThrows(ClosedChannelException.class, () -> channel.force(true));
    }
}
