package dev.cairn.backup.core.e2e;

import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A deliberate mistake: some blobs are put only after another that should have come last. */
final class LatePuts extends ForwardingStore {

    private final Predicate<String> late;
    private final Predicate<String> until;
    private final Map<BlobName, byte[]> held = new LinkedHashMap<>();

    LatePuts(BlobStore store, Predicate<String> late, Predicate<String> until) {
        super(store);
        this.late = late;
        this.until = until;
    }

    @Override
    public synchronized PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        if (late.test(name.value())) {
            try (InputStream in = content.open()) {
                held.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return PutOutcome.CREATED;
        }
        PutOutcome outcome = super.putIfAbsent(name, content);
        if (until.test(name.value())) {
            held.forEach((heldName, bytes) -> super.putIfAbsent(heldName, BlobContent.of(bytes)));
            held.clear();
        }
        return outcome;
    }
}
