package dev.cairn.backup.sqlite.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is mounted where, in the order of mounting: {@code /proc/self/mountinfo}, proc(5). {@link java.nio.file.FileStore#type()} looks into the like, but stops
 * at the first mount of a folder, which for an automounted share is {@code autofs}, and fails inside a chroot.
 */
record MountTable(List<Mount> mounts) {

    /** One mounted file system; {@code type} is the kernel's name of its kind, with that of a FUSE program after a dot. */
    record Mount(Device device, Path folder, String type) {}

    MountTable {
        mounts = List.copyOf(mounts);
    }

    /** Reads the lines of {@code mountinfo}; a line of another form is passed over. */
    static MountTable parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            parse(line).ifPresent(mounts::add);
        }
        return new MountTable(mounts);
    }

    /** {@code id parent major:minor root folder options [tags …] - type source options}. */
    private static Optional<Mount> parse(String line) {
        int dash = line.indexOf(" - ");
        if (dash < 0) {
            return Optional.empty();
        }
        String[] before = line.substring(0, dash).split(" ");
        String[] after = line.substring(dash + 3).split(" ");
        String[] device = before.length < 5 ? new String[0] : before[2].split(":");
        if (device.length != 2 || after[0].isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(
                    new Device(Long.parseLong(device[0]), Long.parseLong(device[1])),
                    Path.of(unescape(before[4])),
                    after[0]));
        } catch (IllegalArgumentException notANumberOrNotAPath) {
            return Optional.empty();
        }
    }

    /**
     * The mount that a file lies on: the deepest one above it, of several in one place the last, which hides the others. One of the file's own
     * device goes before all, for a deeper mount may be hidden by a later one above it; Btrfs gives files other devices than their mounts.
     *
     * @param file absolute, without symbolic links
     * @param device the device that {@code stat} tells of it, if it does
     */
    Optional<Mount> of(Path file, Optional<Device> device) {
        List<Mount> above =
                mounts.stream().filter(mount -> file.startsWith(mount.folder())).toList();
        List<Mount> same = above.stream()
                .filter(mount -> device.filter(mount.device()::isSame).isPresent())
                .toList();
        return (same.isEmpty() ? above : same)
                .stream()
                        .reduce((a, b) ->
                                b.folder().getNameCount() >= a.folder().getNameCount() ? b : a);
    }

    /** Space, tab, newline and backslash come as three octal digits. */
    private static String unescape(String field) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.startsWith("\\", i) && field.substring(i).matches("(?s)\\\\[0-3][0-7]{2}.*")) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(field.charAt(i));
            }
        }
        return plain.toString();
    }
}
