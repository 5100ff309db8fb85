package dev.cairn.backup.sqlite.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The two numbers by which Linux names a mounted file system in {@code mountinfo} and {@code locks}. */
record Device(long major, long minor) {

    /** The device that a file lies on; empty where files have none, or if it cannot be asked. */
    static Optional<Device> of(Path file) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Optional.empty();
        }
        try {
            Object number = Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS);
            return number instanceof Long both ? Optional.of(split(both)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it is the same device. A record's own comparison costs 16 ms at its first use in a young JVM. */
    boolean isSame(Device other) {
        return major == other.major && minor == other.minor;
    }

    /** Takes a {@code dev_t} apart as makedev(3) puts it together. */
    static Device split(long both) {
        return new Device((both >>> 8 & 0xfff) | (both >>> 32 & ~0xfffL), (both & 0xff) | (both >>> 12 & 0xffffff00L));
    }
}
