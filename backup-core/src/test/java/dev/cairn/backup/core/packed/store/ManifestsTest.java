package dev.cairn.backup.core.packed.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManifestsTest {

    /** Both keep all threads that compute until their end. */
    @Test
    void aListingWaitsForNoRestoreAndNoCheck() {
        MemoryBlobStore blobs = new MemoryBlobStore();
        for (int i = 0; i < 100; i++) {
            blobs.putIfAbsent(BlobName.of("snapshots/s" + i), BlobContent.of("damaged"));
        }
        CountDownLatch restored = new CountDownLatch(1);
        try (Workers workers = new Workers();
                TaskGroup restore = workers.computing()) {
            for (int i = 0; i < workers.count(); i++) {
                restore.submit(() -> {
                    restored.await();
                    return true;
                });
            }
            Manifests manifests =
                    new Manifests(blobs, new Containers(new byte[16], RepositorySecrets.random()), workers);
            try {
                assertEquals(
                        100,
                        assertTimeoutPreemptively(
                                Duration.ofMinutes(1), () -> manifests.list().size()));
            } finally {
                restored.countDown();
            }
        }
    }
}
