package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The tar header of an entry and the PAX records (POSIX.1-2001, pax, "pax Extended Header") that say what a header cannot.
 *
 * <p>The records are made here because commons-compress cuts times to 100 ns, leaves out long owners, and takes the name of the user who runs it and the clock
 * as defaults. What tar has no word for goes into a {@code comment} record, which GNU tar passes over in silence: {@code cairn} and the words of {@link Note}.
 */
final class TarHeaders {

    /** Greatest time in the 11 octal digits of a header. */
    private static final long MOST_SECONDS = 077777777777L;

    private static final int NAME_BYTES = 100;
    private static final int OWNER_BYTES = 32;

    private TarHeaders() {}

    /** The header of the entry. */
    static TarArchiveEntry header(String dataset, Entry entry) {
        EntryAttributes attributes = entry.attributes();
        boolean folder = entry.type() == EntryType.DIRECTORY;
        TarArchiveEntry header = plain(name(dataset, entry), flag(entry.type()));
        header.setSize(entry.size());
        header.setMode(attributes.mode().orElse(folder ? 0755 : 0644));
        header.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(
                attributes.modified().map(Instant::getEpochSecond).orElse(0L))));
        header.setUserName(attributes.owner().orElse(""));
        header.setGroupName(attributes.group().orElse(""));
        entry.linkTarget().ifPresent(target -> header.setLinkName(linkName(dataset, entry)));
        return header;
    }

    /** A header that says nothing of when and by whom it was made. */
    static TarArchiveEntry plain(String name, byte flag) {
        TarArchiveEntry header = new TarArchiveEntry(name, flag, true);
        header.setMode(0644);
        header.setIds(0, 0);
        header.setNames("", "");
        header.setLastModifiedTime(FileTime.fromMillis(0));
        return header;
    }

    /** The PAX records of the entry; empty if its header says all. */
    static byte[] records(String dataset, Entry entry) {
        EntryAttributes attributes = entry.attributes();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        text(records, "path", name(dataset, entry), NAME_BYTES - 1);
        entry.linkTarget().ifPresent(target -> text(records, "linkpath", linkName(dataset, entry), NAME_BYTES - 1));
        if (entry.size() > TarConstants.MAXSIZE) {
            record(records, "size", Long.toString(entry.size()));
        }
        attributes.modified().ifPresent(modified -> time(records, modified));
        attributes.owner().ifPresent(owner -> text(records, "uname", owner, OWNER_BYTES - 1));
        attributes.group().ifPresent(group -> text(records, "gname", group, OWNER_BYTES - 1));
        String note = Note.of(entry).text();
        if (!note.isEmpty()) {
            record(records, "comment", note);
        }
        return records.toByteArray();
    }

    /** A folder's name ends with a slash, as everybody's tar writes it. */
    private static String name(String dataset, Entry entry) {
        return ArchiveNames.of(dataset, entry.path()) + (entry.type() == EntryType.DIRECTORY ? "/" : "");
    }

    private static String linkName(String dataset, Entry entry) {
        String target = entry.linkTarget().orElseThrow();
        return entry.type() == EntryType.HARD_LINK ? ArchiveNames.of(dataset, EntryPath.of(target)) : target;
    }

    private static byte flag(EntryType type) {
        return switch (type) {
            case FILE -> TarConstants.LF_NORMAL;
            case DIRECTORY -> TarConstants.LF_DIR;
            case SYMLINK -> TarConstants.LF_SYMLINK;
            case HARD_LINK -> TarConstants.LF_LINK;
        };
    }

    private static void time(ByteArrayOutputStream records, Instant modified) {
        long seconds = modified.getEpochSecond();
        if (modified.getNano() != 0 || seconds < 0 || seconds > MOST_SECONDS) {
            BigDecimal exact = BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(modified.getNano(), 9));
            record(records, "mtime", exact.stripTrailingZeros().toPlainString());
        }
    }

    /** A record for a text that is too long for its field, or not ASCII, which alone every tar agrees on. */
    private static void text(ByteArrayOutputStream records, String keyword, String value, int field) {
        boolean fits = value.length() <= field;
        for (int i = 0; i < value.length() && fits; i++) {
            fits = value.charAt(i) < 0x80;
        }
        if (!fits) {
            record(records, keyword, value);
        }
    }

    /** {@code "<length> <keyword>=<value>\n"}, where the length counts its own digits. */
    private static void record(ByteArrayOutputStream records, String keyword, String value) {
        byte[] rest = (" " + keyword + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
        int length = rest.length + 1;
        while (Integer.toString(length).length() + rest.length != length) {
            length++;
        }
        records.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
        records.writeBytes(rest);
    }
}
