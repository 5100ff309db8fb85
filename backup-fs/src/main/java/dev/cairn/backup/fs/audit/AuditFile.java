package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the log.
 *
 * @param first the sequence of its first line, which its name tells
 * @param path the file
 */
record AuditFile(long first, Path path) {

    /** 18 digits always fit into a long. */
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{12,18})\\.jsonl");

    static AuditFile in(Path folder, long first) {
        return new AuditFile(first, folder.resolve("audit-%012d.jsonl".formatted(first)));
    }

    /** The files of the log in the folder, oldest first; whatever has another name is none of the log's. */
    static List<AuditFile> list(Path folder) throws IOException {
        List<AuditFile> files = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
                // "audit-0000000000000001" beside "audit-000000000001" would be two files of one number.
                if (name.matches()
                        && in(folder, Long.parseLong(name.group(1))).name().equals(name.group())) {
                    files.add(new AuditFile(Long.parseLong(name.group(1)), entry));
                }
            }
        }
        files.sort(Comparator.comparingLong(AuditFile::first));
        return files;
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /** The part of it that has been set aside, under a name that is free. */
    Path torn(int number) {
        return path.resolveSibling(name() + ".torn-" + number);
    }

    long size() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .size();
    }
}
