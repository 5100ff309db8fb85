package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A store that breaks a sentence of the contract is caught by the test of that sentence, and told which. */
class BrokenStoreTest {

    @Test
    void aStoreThatOverwritesIsCaught() {
        BlobStoreContract suite = suite(new Sloppy() {
            @Override
            public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
                delegate.delete(name);
                return delegate.putIfAbsent(name, content);
            }
        });
        assertCaught(suite::aSecondPutOfANameChangesNothing, "EXISTS");
        assertCaught(suite::ofManyThreadsExactlyOneCreatesTheBlob, "exactly one creates it");
    }

    @Test
    void aStoreThatKeepsHalfABlobIsCaught() {
        BlobStoreContract suite = suite(new Sloppy() {
            @Override
            public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
                try {
                    return super.putIfAbsent(name, content);
                } catch (RuntimeException e) {
                    delegate.putIfAbsent(name, BlobContent.of("half"));
                    throw e;
                }
            }
        });
        assertCaught(suite::contentThatFailsHalfWayLeavesNothing, "absent or complete");
    }

    @Test
    void aStoreThatTakesAPrefixForAFolderIsCaught() {
        BlobStoreContract suite = suite(new Sloppy() {
            @Override
            public List<BlobInfo> list(String folder) {
                return delegate.list("").stream()
                        .filter(blob -> blob.name().value().startsWith(folder))
                        .toList();
            }
        });
        assertCaught(suite::aFolderIsWholeComponents, "begins with folder and a slash");
    }

    @Test
    void aStoreThatLosesTheInterruptFlagIsCaught() {
        BlobStoreContract suite = suite(new Sloppy() {
            @Override
            public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
                Thread.interrupted();
                return super.putIfAbsent(name, content);
            }
        });
        assertCaught(suite::anInterruptedThreadKeepsItsFlagAndHarmsNothing, "keeps its flag");
    }

    @Test
    void aStoreThatShowsABlobWhileItIsWrittenIsCaught() {
        BlobStoreContract suite = suite(new Sloppy() {
            private final Map<BlobName, Long> unfinished = new ConcurrentSkipListMap<>();

            @Override
            public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
                unfinished.put(name, 1L);
                try (InputStream in = content.open()) {
                    return delegate.putIfAbsent(name, BlobContent.of(in.readAllBytes()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    unfinished.remove(name);
                }
            }

            @Override
            public Optional<BlobInfo> stat(BlobName name) {
                Long size = unfinished.get(name);
                return size == null ? delegate.stat(name) : Optional.of(new BlobInfo(name, size));
            }
        });
        assertCaught(suite::aBlobIsNotSeenBeforeItIsWhole, "never seen with a part");
    }

    private static BlobStoreContract suite(BlobStore store) {
        return new BlobStoreContract() {
            @Override
            protected BlobStore newStore() {
                return store;
            }
        };
    }

    private static void assertCaught(Executable test, String sentence) {
        Throwable caught = assertThrows(Throwable.class, test);
        Throwable cause = caught.getCause() == null ? caught : caught.getCause();
        assertTrue((caught + " " + cause).contains(sentence), () -> sentence + " in " + caught);
    }

    /** Right in all that a test does not make wrong. */
    private static class Sloppy implements BlobStore {

        final MemoryBlobStore delegate = new MemoryBlobStore();

        @Override
        public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            return delegate.putIfAbsent(name, content);
        }

        @Override
        public InputStream read(BlobName name) {
            return delegate.read(name);
        }

        @Override
        public byte[] readRange(BlobName name, long offset, int length) {
            return delegate.readRange(name, offset, length);
        }

        @Override
        public Optional<BlobInfo> stat(BlobName name) {
            return delegate.stat(name);
        }

        @Override
        public List<BlobInfo> list(String folder) {
            return delegate.list(folder);
        }

        @Override
        public Set<String> children(String folder) {
            return delegate.children(folder);
        }

        @Override
        public boolean delete(BlobName name) {
            return delegate.delete(name);
        }

        @Override
        public String describe() {
            return "sloppy";
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
