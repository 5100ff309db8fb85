package dev.cairn.backup.core.lasting;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.cursor.ReplayFence;
import dev.cairn.backup.cursor.ReplayFenceState;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.cursor.TokenLimits;
import dev.cairn.backup.cursor.TokenUse;
import dev.cairn.backup.cursor.UsedToken;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A {@link ReplayFence} whose tokens outlive the process: each used one is a blob {@code tokens/<fence>/used/<SHA-256 of the token>} in the state store, put before {@link #use} answers. Looking and
 * storing are one step, so that of all processes that bring a token one is accepted. Thread-safe; one token at a time. Each process counts the tokens it remembers against the capacity.
 *
 * <p>If the store fails, {@code use} throws and the token counts as used: in doubt it is refused. Tokens that have expired are removed now and then; before that it is made durable that they are
 * refused for their age, so that a clock that is set back opens nothing.
 */
public final class UsedTokens {

    /** Removing costs a listing and two forced writes. */
    private static final int USES_BETWEEN_REMOVALS = 1000;

    private final BlobStore state;
    private final String folder;
    private final TokenLimits limits;
    private final InstantSource clock;
    private final StateSlot<ReplayFenceState> bounds;
    private ReplayFence fence;
    private int uses;

    private UsedTokens(BlobStore state, String name, TokenLimits limits, TimelineEpoch epoch, InstantSource clock) {
        this.state = state;
        String root = LastingName.folder("tokens", "name", name);
        this.folder = root + "/used";
        this.limits = limits;
        this.clock = clock;
        this.bounds = new StateSlot<>(state, root + "/bounds", new BoundsForm());
        this.fence = ReplayFence.of(limits, stored(epoch));
    }

    /**
     * Reads what was used before.
     *
     * @param state the state store, as given to the builder; stays open
     * @param name 1 to 64 characters of A-Z a-z 0-9 . _ - that do not begin with a dot
     * @param epoch the host's present epoch, {@code SnapshotManager.epoch()}; if it is newer than the one in which the fence was used last, tokens issued before now are refused
     * @param clock the wall clock
     * @throws StoreException if the store cannot be read
     */
    public static UsedTokens open(
            BlobStore state, String name, TokenLimits limits, TimelineEpoch epoch, InstantSource clock) {
        return new UsedTokens(state, name, limits, epoch, clock);
    }

    /** Uses a token that carries the epoch in which the host issued it; see {@link ReplayFence#use(TimelineEpoch, String, Instant, Instant)}. */
    public synchronized TokenUse use(TimelineEpoch issuedIn, String token, Instant issuedAt) {
        return keep(new UsedToken(token, issuedAt), fence.use(issuedIn, token, issuedAt, clock.instant()));
    }

    /** Uses a token that somebody else issued; see {@link ReplayFence#use(String, Instant, Instant)}. */
    public synchronized TokenUse use(String token, Instant issuedAt) {
        return keep(new UsedToken(token, issuedAt), fence.use(token, issuedAt, clock.instant()));
    }

    /**
     * After a restore, before the host takes requests again: what was issued before now is refused. Durable when this returns.
     *
     * @param next the epoch that the restore began
     * @throws dev.cairn.backup.cursor.StaleEpochException if it is not newer than the present one
     */
    public synchronized void restored(TimelineEpoch next) {
        ReplayFenceState after = fence.state().restored(next, clock.instant(), limits.skew());
        keep(after);
        fence = ReplayFence.of(limits, after);
    }

    private TokenUse keep(UsedToken token, TokenUse use) {
        if (use != TokenUse.ACCEPTED) {
            return use;
        }
        PutOutcome outcome = state.putIfAbsent(
                blob(token.token()),
                BlobContent.of(new JsonObject()
                        .put("token", token.token())
                        .put("issuedAt", token.issuedAt().toString())
                        .toBytes()));
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Whether the use of a token in " + folder + " is durable cannot be told, so it is refused",
                    "Have a new one issued, and look after the disk of the state store",
                    null);
        }
        if (outcome == PutOutcome.EXISTS) {
            return TokenUse.ALREADY_USED;
        }
        if (++uses >= USES_BETWEEN_REMOVALS) {
            uses = 0;
            removeExpired();
        }
        // A process whose clock was ahead may have removed an earlier use; it said so before.
        return bounds.get()
                        .map(ReplayFenceState::forgottenUntil)
                        .filter(token.issuedAt()::isBefore)
                        .isPresent()
                ? TokenUse.EXPIRED
                : TokenUse.ACCEPTED;
    }

    /** First the age below which tokens are refused, then the tokens below it. */
    private void removeExpired() {
        ReplayFenceState present = fence.state();
        keep(present);
        List<BlobName> expired = new ArrayList<>();
        for (BlobInfo blob : state.list(folder)) {
            read(blob.name())
                    .filter(token -> token.issuedAt().isBefore(present.forgottenUntil()))
                    .ifPresent(token -> expired.add(blob.name()));
        }
        state.deleteAll(expired);
    }

    /** Makes bounds durable without taking back what another process has. */
    private void keep(ReplayFenceState present) {
        bounds.update(stored -> Optional.of(stored.map(known -> new ReplayFenceState(
                        known.epoch().compareTo(present.epoch()) > 0 ? known.epoch() : present.epoch(),
                        later(known.seenUntil(), present.seenUntil()),
                        later(known.forgottenUntil(), present.forgottenUntil()),
                        later(known.fencedUntil(), present.fencedUntil()),
                        List.of()))
                .orElse(present)));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Instant expiredBefore(Instant now) {
        try {
            return now.minus(limits.lifetime());
        } catch (DateTimeException | ArithmeticException beforeAllTime) {
            return Instant.MIN;
        }
    }

    private ReplayFenceState stored(TimelineEpoch epoch) {
        Optional<ReplayFenceState> known = bounds.get();
        ReplayFenceState start = known.orElseGet(() -> ReplayFenceState.start(epoch));
        Instant forgottenUntil = later(start.forgottenUntil(), expiredBefore(clock.instant()));
        List<UsedToken> used = new ArrayList<>();
        for (BlobInfo blob : state.list(folder)) {
            Optional<UsedToken> token = read(blob.name());
            if (token.isPresent() && !token.get().issuedAt().isBefore(forgottenUntil)) {
                used.add(token.get());
            } else {
                uses++; // Else a host that never lives for long would never remove anything.
            }
        }
        // Several processes may have used more than one remembers; the others are refused for their blobs, once there
        // is room.
        used.sort(Comparator.comparing(UsedToken::issuedAt));
        ReplayFenceState present = new ReplayFenceState(
                start.epoch(),
                start.seenUntil(),
                forgottenUntil,
                start.fencedUntil(),
                used.subList(Math.max(0, used.size() - limits.capacity()), used.size()));
        if (known.isPresent() && epoch.compareTo(start.epoch()) <= 0) {
            return present;
        }
        ReplayFenceState next = known.isEmpty() ? present : present.restored(epoch, clock.instant(), limits.skew());
        keep(next);
        return next;
    }

    /** Empty if another process has removed it meanwhile, because it has expired. */
    private Optional<UsedToken> read(BlobName name) {
        try (InputStream in = state.read(name)) {
            JsonObject json = JsonObject.parse(in.readAllBytes());
            return Optional.of(new UsedToken(json.text("token"), Instant.parse(json.text("issuedAt"))));
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " in the state store cannot be read: " + e.getMessage(),
                    "Look after the disk of the state store",
                    e);
        }
    }

    /** Tokens are anything up to 200 characters; names of blobs are not. */
    private BlobName blob(String token) {
        byte[] hash = Algorithms.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
        return BlobName.of(folder + "/" + HexFormat.of().formatHex(hash));
    }

    /** What is known besides the tokens, which are blobs of their own. */
    private static final class BoundsForm implements StateSlot.Form<ReplayFenceState> {

        @Override
        public JsonObject write(ReplayFenceState bounds) {
            return new JsonObject()
                    .put("epoch", bounds.epoch().number())
                    .put("seenUntil", bounds.seenUntil().toString())
                    .put("forgottenUntil", bounds.forgottenUntil().toString())
                    .put("fencedUntil", bounds.fencedUntil().toString());
        }

        @Override
        public ReplayFenceState read(JsonObject json) throws JsonFormatException {
            return new ReplayFenceState(
                    new TimelineEpoch(json.number("epoch")),
                    Instant.parse(json.text("seenUntil")),
                    Instant.parse(json.text("forgottenUntil")),
                    Instant.parse(json.text("fencedUntil")),
                    List.of());
        }
    }
}
