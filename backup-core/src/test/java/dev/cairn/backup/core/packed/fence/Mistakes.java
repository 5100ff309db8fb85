package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where each kind of actor deviates from the protocol; the tests must notice every deviation.
 *
 * @param writer what writers see instead of the store
 * @param sweeper what sweeps see
 * @param fencer what a prune sees
 */
record Mistakes(UnaryOperator<BlobStore> writer, UnaryOperator<BlobStore> sweeper, UnaryOperator<BlobStore> fencer) {

    /** None. */
    static final Mistakes NONE =
            new Mistakes(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());

    /** One step of the protocol left out or done in the wrong order. */
    enum Kind {
        WRITER_IGNORES_CONDEMNED {
            @Override
            Mistakes mistakes() {
                return new Mistakes(store -> hiding(store, "condemned"), NONE.sweeper, NONE.fencer);
            }
        },
        WRITER_LISTS_PACKS_BEFORE_ITS_SESSION_STANDS {
            @Override
            Mistakes mistakes() {
                return new Mistakes(EarlyListing::new, NONE.sweeper, NONE.fencer);
            }
        },
        SWEEP_IGNORES_SESSIONS {
            @Override
            Mistakes mistakes() {
                return new Mistakes(NONE.writer, store -> hiding(store, "sessions"), NONE.fencer);
            }
        },
        SWEEP_IGNORES_READERS {
            @Override
            Mistakes mistakes() {
                return new Mistakes(NONE.writer, store -> hiding(store, "readers"), NONE.fencer);
            }
        },
        SWEEP_DROPS_ITS_RECORD_BEFORE_THE_PACKS {
            @Override
            Mistakes mistakes() {
                return new Mistakes(NONE.writer, EarlyRecordRemoval::new, NONE.fencer);
            }
        },
        SWEEP_COPIES_NOTHING_OUT_OF_CONDEMNED_PACKS {
            @Override
            Mistakes mistakes() {
                return new Mistakes(NONE.writer, LostPacks::new, NONE.fencer);
            }
        },
        FENCE_WITHOUT_TOMBSTONE {
            @Override
            Mistakes mistakes() {
                return new Mistakes(NONE.writer, NONE.sweeper, NoTombstones::new);
            }
        };

        abstract Mistakes mistakes();
    }

    private static BlobStore hiding(BlobStore store, String folder) {
        return new ForwardingStore(store) {
            @Override
            public List<BlobInfo> list(String parent) {
                return parent.equals(folder) ? List.of() : super.list(parent);
            }

            @Override
            public Set<String> children(String parent) {
                return parent.equals(folder) ? Set.of() : super.children(parent);
            }
        };
    }

    /** Packs are listed before the session is put, and neither listed nor looked at again. */
    private static final class EarlyListing extends ForwardingStore {

        private @Nullable List<BlobInfo> packs;

        EarlyListing(BlobStore store) {
            super(store);
        }

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            if (name.value().startsWith("sessions/")) {
                packs = super.list("packs");
            }
            return super.putIfAbsent(name, content);
        }

        @Override
        public List<BlobInfo> list(String folder) {
            List<BlobInfo> early = packs;
            return folder.equals("packs") && early != null ? early : super.list(folder);
        }

        @Override
        public Optional<BlobInfo> stat(BlobName name) {
            List<BlobInfo> early = packs;
            return name.value().startsWith("packs/") && early != null
                    ? early.stream().filter(pack -> pack.name().equals(name)).findFirst()
                    : super.stat(name);
        }
    }

    private static final class EarlyRecordRemoval extends ForwardingStore {

        EarlyRecordRemoval(BlobStore store) {
            super(store);
        }

        @Override
        public boolean delete(BlobName name) {
            if (name.value().startsWith("packs/")) {
                list("condemned").forEach(record -> super.delete(record.name()));
            }
            return super.delete(name);
        }
    }

    private static final class LostPacks extends ForwardingStore {

        LostPacks(BlobStore store) {
            super(store);
        }

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            return name.value().startsWith("packs/") ? PutOutcome.CREATED : super.putIfAbsent(name, content);
        }
    }

    private static final class NoTombstones extends ForwardingStore {

        NoTombstones(BlobStore store) {
            super(store);
        }

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            try (InputStream in = content.open()) {
                boolean tombstone =
                        name.value().startsWith("snapshots/") && Sessions.isTombstone(in.readAllBytes().length);
                return tombstone ? PutOutcome.CREATED : super.putIfAbsent(name, content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
