package dev.cairn.backup.core.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

class TarHeadersTest {

    @Property(tries = 300)
    void everyEntryComesBackFromItsHeaders(@ForAll("entries") Entry entry) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(out, SnapshotId.of("snap-1"));
        writer.entry("data", entry, new CancellationToken());
        writer.finish();
        TarEntries tar = new TarEntries(new ByteArrayInputStream(out.toByteArray()));
        TarArchiveEntry header = tar.next();
        assertNotNull(header);
        Entry back = TarEntries.entry("data", header);
        assertEquals(
                List.of(entry.path(), entry.type(), entry.attributes(), entry.linkTarget()),
                List.of(back.path(), back.type(), back.attributes(), back.linkTarget()));
        assertNull(tar.next());
    }

    @Provide
    Arbitrary<Entry> entries() {
        Arbitrary<String> text = Arbitraries.strings()
                .all()
                .ofMinLength(1)
                .ofMaxLength(60)
                .map(s -> s.replaceAll("[\\x00\\p{Cs}]", "~"));
        Arbitrary<EntryPath> paths = text.map(s -> s.replace('/', '|').replaceAll("^\\.{1,2}$", "dot"))
                .list()
                .ofMaxSize(6)
                .map(components -> EntryPath.of(String.join("/", components)));
        Arbitrary<Instant> times = Combinators.combine(
                        Arbitraries.longs().between(-20_000_000_000L, 90_000_000_000L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        Arbitrary<EntryAttributes> attributes = Combinators.combine(
                        times.optional(),
                        Arbitraries.integers().between(0, 0777).optional(),
                        text.optional(),
                        text.optional())
                .as((time, mode, owner, group) -> new EntryAttributes(
                        time, mode.map(OptionalInt::of).orElse(OptionalInt.empty()), owner, group, Optional.empty()));
        return Combinators.combine(paths, Arbitraries.of(EntryType.class), attributes, text, paths)
                .as((path, type, kept, target, other) -> switch (type) {
                    case FILE -> Entry.file(path, 0, kept, EntryContent.EMPTY);
                    case DIRECTORY -> Entry.directory(path, kept);
                    case SYMLINK -> Entry.symlink(path, kept, target);
                    case HARD_LINK -> Entry.hardLink(path, kept, other);
                });
    }
}
