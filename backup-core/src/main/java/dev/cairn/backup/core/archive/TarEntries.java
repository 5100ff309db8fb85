package dev.cairn.backup.core.archive;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** The entries of a tar, one after the other, under limits. Every malformed input ends in a {@link DamagedArchiveException}. For one thread. */
final class TarEntries {

    /** Room for the header of one entry with its PAX records: two paths of 4096 characters take 24 KiB at most. */
    private static final long HEADER_BYTES = 256 * 1024;

    /** GNU tar fills up to its blocking factor, 10 KiB unless somebody chose more. */
    private static final long PADDING_BYTES = 4L << 20;

    private final BoundedInput bounded;
    private final TarArchiveInputStream tar;

    TarEntries(InputStream in) {
        bounded = new BoundedInput(in);
        tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name());
    }

    /** The next header, or null at the end of the archive. */
    @Nullable
    TarArchiveEntry next() {
        bounded.allow(HEADER_BYTES);
        TarArchiveEntry header;
        try {
            header = tar.getNextEntry();
        } catch (BackupException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw DamagedArchiveException.whole("has a header that cannot be used", e);
        }
        if (header != null && (!header.isCheckSumOK() || header.isSparse() || header.getSize() < 0)) {
            throw new DamagedArchiveException(
                    ArchiveNames.shown(header.getName()), "has a header that no export writes", null);
        }
        return header;
    }

    /** Reads up to so many bytes of the present entry's content, at least one unless all was read. */
    int read(TarArchiveEntry header, byte[] into, int offset, int length) {
        bounded.allow(length);
        try {
            return tar.read(into, offset, length);
        } catch (BackupException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DamagedArchiveException(
                    ArchiveNames.shown(header.getName()), "was cut or altered: its content cannot be read", e);
        }
    }

    /** The whole content of the present entry. */
    byte[] content(TarArchiveEntry header, int most) {
        if (header.getSize() > most) {
            throw new DamagedArchiveException(
                    ArchiveNames.shown(header.getName()),
                    "has " + header.getSize() + " bytes, at most " + most + " are allowed",
                    null);
        }
        byte[] bytes = new byte[(int) header.getSize()];
        int length = 0;
        while (length < bytes.length) {
            int count = read(header, bytes, length, bytes.length - length);
            if (count < 0) {
                throw new DamagedArchiveException(ArchiveNames.shown(header.getName()), "was cut", null);
            }
            length += count;
        }
        return bytes;
    }

    /** The entry of a dataset that the header describes, without content. */
    static Entry entry(String dataset, TarArchiveEntry header) {
        String name = header.getName();
        EntryType type = type(header);
        EntryPath path = ArchiveNames.path(dataset, type == EntryType.DIRECTORY ? withoutSlash(name) : name);
        try {
            Note note = Note.parse(header.getExtraPaxHeader("comment"));
            Instant modified = header.getLastModifiedTime().toInstant();
            EntryAttributes attributes = new EntryAttributes(
                    note.noModified() ? Optional.empty() : Optional.of(modified),
                    note.noMode() ? OptionalInt.empty() : OptionalInt.of(header.getMode()),
                    Optional.of(header.getUserName()).filter(owner -> !owner.isEmpty()),
                    Optional.of(header.getGroupName()).filter(group -> !group.isEmpty()),
                    Optional.empty());
            return switch (type) {
                case FILE ->
                    Entry.file(path, header.getSize(), attributes, Paged.of(EntryContent.EMPTY, note.pageSize()));
                case DIRECTORY -> Entry.directory(path, attributes);
                case SYMLINK -> Entry.symlink(path, attributes, header.getLinkName());
                case HARD_LINK -> Entry.hardLink(path, attributes, ArchiveNames.path(dataset, header.getLinkName()));
            };
        } catch (BackupException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new DamagedArchiveException(ArchiveNames.shown(name), "cannot be used: " + e.getMessage(), e);
        }
    }

    private static EntryType type(TarArchiveEntry header) {
        return switch (header.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> EntryType.FILE;
            case TarConstants.LF_DIR -> EntryType.DIRECTORY;
            case TarConstants.LF_SYMLINK -> EntryType.SYMLINK;
            case TarConstants.LF_LINK -> EntryType.HARD_LINK;
            default ->
                throw new DamagedArchiveException(
                        ArchiveNames.shown(header.getName()), "is no file, folder or link", null);
        };
    }

    private static String withoutSlash(String name) {
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    /** Reads what comes after the end mark: nothing, or zeros up to the block of the tape drives that tar was made for. */
    static void requireOnlyPadding(InputStream in) {
        byte[] piece = new byte[16 * 1024];
        long length = 0;
        try {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                length += count;
                boolean zeros = length <= PADDING_BYTES;
                for (int i = 0; i < count; i++) {
                    zeros &= piece[i] == 0;
                }
                if (!zeros) {
                    throw DamagedArchiveException.whole("goes on after its end", null);
                }
            }
        } catch (IOException e) {
            throw DamagedArchiveException.whole("was cut or altered after its last entry", e);
        }
    }
}
