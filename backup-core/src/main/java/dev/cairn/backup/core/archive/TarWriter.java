package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes the entries of a tar. For one thread; closes nothing. */
final class TarWriter {

    private final SnapshotId snapshot;
    private final TarArchiveOutputStream tar;
    private final MessageDigest sha256 = EntryDigest.sha256();
    private final byte[] piece = new byte[64 * 1024];

    /** @param snapshot what is exported, for messages */
    TarWriter(OutputStream out, SnapshotId snapshot) {
        this.snapshot = snapshot;
        tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        // PAX records are ours and override what is cut here; see TarHeaders.
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    /** A small file of ours. */
    void bytes(String name, byte[] bytes) throws IOException {
        member(TarHeaders.plain(name, TarConstants.LF_NORMAL), bytes);
    }

    /**
     * The entry as an archive carries it: without the identity of its source.
     *
     * @throws InvalidValueException if it has a text that no tar carries
     */
    static Entry carried(Entry entry) {
        EntryAttributes attributes = entry.attributes();
        entry.linkTarget().ifPresent(target -> requireText("target of link " + entry.path(), target));
        attributes.owner().ifPresent(owner -> requireText("owner of " + entry.path(), owner));
        attributes.group().ifPresent(group -> requireText("group of " + entry.path(), group));
        return new Entry(
                entry.path(),
                entry.type(),
                entry.size(),
                new EntryAttributes(
                        attributes.modified(),
                        attributes.mode(),
                        attributes.owner().filter(owner -> !owner.isEmpty()),
                        attributes.group().filter(group -> !group.isEmpty()),
                        Optional.empty()),
                entry.linkTarget(),
                entry.content());
    }

    /** Writes the entry; answers the SHA-256 of its content. */
    byte[] entry(String dataset, Entry entry, CancellationToken cancellation) throws IOException {
        byte[] records = TarHeaders.records(dataset, entry);
        if (records.length > 0) {
            member(TarHeaders.plain("PaxHeaders/" + dataset, TarConstants.LF_PAX_EXTENDED_HEADER_LC), records);
        }
        tar.putArchiveEntry(TarHeaders.header(dataset, entry));
        if (entry.type() == EntryType.FILE) {
            content(dataset, entry, cancellation);
        }
        tar.closeArchiveEntry();
        return sha256.digest();
    }

    private void content(String dataset, Entry entry, CancellationToken cancellation) throws IOException {
        long left = entry.size();
        try (InputStream in = entry.content().open()) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                cancellation.throwIfCancelled("exporting " + entry.path());
                left -= count;
                if (left < 0) {
                    throw wrongSize(dataset, entry, "more");
                }
                tar.write(piece, 0, count);
                sha256.update(piece, 0, count);
            }
        }
        if (left > 0) {
            throw wrongSize(dataset, entry, "less");
        }
    }

    private DamagedSnapshotException wrongSize(String dataset, Entry entry, String which) {
        return new DamagedSnapshotException(
                snapshot, dataset + "/" + entry.path(), "has " + which + " than its " + entry.size() + " bytes", null);
    }

    private void member(TarArchiveEntry header, byte[] bytes) throws IOException {
        header.setSize(bytes.length);
        tar.putArchiveEntry(header);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** Writes the end of the archive. */
    void finish() throws IOException {
        tar.finish();
    }

    private static void requireText(String what, String value) {
        if (value.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new InvalidValueException(what, value, "text without NUL that UTF-8 can carry");
        }
    }
}
