package dev.cairn.backup.core.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.TimelineLostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through what an earlier process left in the spool and hands it to the uploader. A timeline ends where a segment is damaged or missing; what comes behind stays where it is. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final SegmentStore store;
    private final Spool spool;
    private final InstantSource clock;
    private final Function<String, Lane> lanes;
    private final SegmentUploader uploader;
    private final Map<String, Leftover> found = new HashMap<>();
    private final Map<String, List<Lane.Waiting>> waiting = new HashMap<>();

    /** @param lanes the lane of a dataset */
    Leftovers(
            SegmentStore store,
            Spool spool,
            InstantSource clock,
            Function<String, Lane> lanes,
            SegmentUploader uploader) {
        this.store = store;
        this.spool = spool;
        this.clock = clock;
        this.lanes = lanes;
        this.uploader = uploader;
    }

    /** By timeline. */
    Map<String, Leftover> take() {
        spool.list().forEach(this::take);
        // The head of a timeline is uploaded first, so that one without it was begun before all others that wait.
        found.values().stream()
                .sorted(Comparator.comparing(
                        leftover -> leftover.head().map(Timeline::begunAt).orElse(Instant.MIN)))
                .forEach(this::upload);
        return Map.copyOf(found);
    }

    private void upload(Leftover leftover) {
        Lane lane = lanes.apply(leftover.last().dataset());
        waiting.getOrDefault(leftover.last().timeline(), List.of()).forEach(segment -> uploader.add(lane, segment));
    }

    private void take(String timeline, SortedMap<Long, Long> numbers) {
        LogChain chain = new LogChain(timeline);
        for (Map.Entry<Long, Long> entry : numbers.entrySet()) {
            SpoolSlot slot = new SpoolSlot(timeline, entry.getKey());
            try {
                byte[] body = store.unseal(timeline, slot.number(), spool.read(slot));
                SegmentHeader header = SegmentForm.header(timeline, slot.number(), body);
                requireNoHole(chain.last(), header);
                chain.next(header, body);
                remember(header, body, chain);
                waiting.computeIfAbsent(timeline, id -> new ArrayList<>())
                        .add(new Lane.Waiting(slot, entry.getValue(), header.end(), clock.instant()));
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                if (!wasUploaded(slot, e)) {
                    end(slot, numbers, e);
                }
                return;
            }
        }
    }

    /** Retention removes nothing here: what is missing right behind the head is lost, too. */
    private static void requireNoHole(@Nullable SegmentHeader before, SegmentHeader header) {
        if (before != null && header.number() != before.number() + 1) {
            throw new DamagedRepositoryException(
                    SegmentFiles.name(header.timeline(), before.number() + 1), "is missing", null);
        }
    }

    /** Another process on the same state store may bring it to the repository at this moment; so it does with the rest. */
    private boolean wasUploaded(SpoolSlot slot, BackupException e) {
        return e instanceof BlobNotFoundException && store.list(slot.timeline()).containsKey(slot.number());
    }

    private void remember(SegmentHeader header, byte[] body, LogChain chain) {
        Leftover before = found.get(header.timeline());
        Optional<Timeline> head = before != null
                ? before.head()
                : header.number() == 0 ? Optional.of(SegmentForm.timeline(header.timeline(), body)) : Optional.empty();
        SegmentHeader first = before == null ? header : before.first();
        found.put(header.timeline(), new Leftover(head, first, header, chain.digest()));
    }

    private void end(SpoolSlot slot, SortedMap<Long, Long> numbers, BackupException e) {
        TimelineLostException why = new TimelineLostException(slot.segment(), e);
        Optional<String> dataset = Optional.ofNullable(found.get(slot.timeline()))
                .map(leftover -> leftover.last().dataset())
                .or(() -> ownerOf(slot.timeline(), numbers));
        LOG.warn(
                "The timeline {} of dataset {} ends before {}, which cannot be read in the state store; what is behind it stays there",
                slot.timeline(),
                dataset.orElse("(unknown)"),
                slot.blob(),
                why);
        dataset.ifPresent(name -> lanes.apply(name).lose(slot, why));
    }

    private Optional<String> ownerOf(String timeline, SortedMap<Long, Long> numbers) {
        for (long number : numbers.keySet()) {
            try {
                byte[] body = store.unseal(timeline, number, spool.read(new SpoolSlot(timeline, number)));
                return Optional.of(SegmentForm.header(timeline, number, body).dataset());
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                LOG.debug("{} of the spool cannot be read either", SegmentFiles.name(timeline, number), e);
            }
        }
        return Optional.empty();
    }
}
