package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;

/** The entry that a table becomes: {@code <table>.jsonl}, with what is no ASCII letter, digit, {@code _}, {@code -} or space as {@code %} and its UTF-8 bytes. */
final class TablePath {

    private TablePath() {}

    static EntryPath of(String table) {
        StringBuilder path = new StringBuilder();
        table.codePoints().forEach(c -> {
            if (isPlain(c)) {
                path.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    path.append('%')
                            .append(Character.forDigit((b >> 4) & 15, 16))
                            .append(Character.forDigit(b & 15, 16));
                }
            }
        });
        return EntryPath.of(path + ".jsonl");
    }

    /** ASCII only: what else is a letter depends on the Unicode version of the JDK, and a snapshot must be found again by every one. */
    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == ' ';
    }
}
