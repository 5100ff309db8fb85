package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainBreak.Kind;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.spi.BlobName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * One check of a chain. Each head that this installation remembers, and each link of a manifest or stub, is an expectation of a snapshot with a digest; what stands there is held against it.
 * A digest that is expected by somebody else fixes what it is of, so content is only ever doubted where nothing confirms it. For one use.
 */
final class ChainCheck {

    private final ChainView view;
    private final long from;
    private final long to;
    private final int mostStubs;
    /** Newest first, so that the stubs that are not read are the oldest. */
    private final Queue<Expected> open = new PriorityQueue<>(
            Comparator.comparingLong((Expected each) -> -each.link().sequence()));

    private final List<Expected> expected = new ArrayList<>();
    private final Map<SnapshotId, Set<String>> confirmed = new HashMap<>();
    private final Map<BlobName, Stubs.Found> read = new LinkedHashMap<>();
    private final Map<String, ChainBreak> breaks = new LinkedHashMap<>();
    private long
            unread; // The highest number of a stub that was not read: what it and older ones continue is not known.
    private final Set<SnapshotId> removed = new HashSet<>();

    /**
     * That a snapshot should be there.
     *
     * @param by who says so; empty for this installation's own memory
     */
    private record Expected(SnapshotLink link, Optional<SnapshotLink> by) {}

    /**
     * @param mostStubs how many stubs to read at most; beyond them it counts that there is one
     */
    ChainCheck(ChainView view, long from, long to, int mostStubs) {
        this.view = view;
        this.from = from;
        this.to = to;
        this.mostStubs = mostStubs;
    }

    /** What does not hold in the range, lowest number first. */
    List<ChainBreak> run() {
        start();
        if (mostStubs == Integer.MAX_VALUE) { // Also those that nothing leads to.
            for (BlobName stub : view.stubs()) {
                if (Stubs.numberOf(stub) >= from) {
                    stub(stub).receipt().ifPresent(found -> expect(found.continues(), found.snapshot()));
                    follow();
                }
            }
        }
        expected.forEach(this::judge);
        view.present().values().forEach(this::judgeReturned);
        judgeUnread();
        judgeForks();
        return breaks.values().stream()
                .filter(found -> found.sequence() >= from && found.sequence() <= to)
                .sorted(Comparator.comparingLong(ChainBreak::sequence).thenComparing(ChainBreak::kind))
                .toList();
    }

    private void start() {
        view.tips().forEach(tip -> open.add(new Expected(tip, Optional.empty())));
        view.present().values().forEach(snapshot -> expect(snapshot.proof().previous(), snapshot.link()));
        follow();
    }

    /** Instead of a check: the snapshots that are there and that nothing continues, because what did is gone. */
    List<SnapshotLink> loose() {
        start();
        return view.present().values().stream()
                .map(ChainView.Present::link)
                .filter(link -> !confirmed.containsKey(link.id()) && link.sequence() >= view.begin())
                .toList();
    }

    /** How many of those that were expected have a stub that explains their absence. */
    long removed() {
        return removed.size();
    }

    private void expect(List<SnapshotLink> links, SnapshotLink by) {
        links.forEach(link -> open.add(new Expected(link, Optional.of(by))));
    }

    private void follow() {
        Set<SnapshotLink> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Expected next = open.remove();
            SnapshotLink link = next.link();
            expected.add(next);
            confirmed.computeIfAbsent(link.id(), id -> new HashSet<>()).add(link.digest());
            BlobName name = Stubs.name(view.lineage(), link);
            if (seen.add(link)
                    && link.sequence() >= from
                    && !view.present().containsKey(link.id())
                    && view.stubs().contains(name)
                    && !read.containsKey(name)) {
                if (read.size() >= mostStubs) {
                    unread = Math.max(unread, link.sequence());
                } else {
                    stub(name).receipt().ifPresent(stub -> expect(stub.continues(), stub.snapshot()));
                }
            }
        }
    }

    private Stubs.Found stub(BlobName name) {
        return read.computeIfAbsent(name, view::stub);
    }

    private void judge(Expected each) {
        SnapshotLink link = each.link();
        ChainView.Present present = view.present().get(link.id());
        String unusable = view.unusable().get(link.id());
        if (present != null) {
            judgePresent(each, present);
        } else if (unusable != null) {
            found(Kind.ALTERED, link, "its manifest cannot be used: " + unusable);
        } else if (view.stubs().contains(Stubs.name(view.lineage(), link))) {
            judgeStub(link);
        } else if (each.by().isEmpty()) {
            found(
                    Kind.ROLLED_BACK,
                    link,
                    "it is the newest that this installation has committed, and it is gone; the newest that is there is "
                            + view.newest());
        } else {
            found(
                    Kind.MISSING,
                    link,
                    "it is gone, and no stub tells that it was removed; "
                            + each.by().orElseThrow().id() + " continues it");
        }
    }

    private void judgePresent(Expected each, ChainView.Present present) {
        SnapshotLink link = each.link();
        String digest = present.proof().digest();
        if (digest.equals(link.digest())) {
            return;
        }
        if (each.by().isPresent() && confirmed.getOrDefault(link.id(), Set.of()).contains(digest)) {
            SnapshotLink by = each.by().get();
            found(
                    Kind.WRONG_PREVIOUS,
                    by,
                    "it continues " + link + ", which others know with the digest " + digest + " that it has");
        } else {
            found(
                    Kind.ALTERED,
                    link,
                    "its manifest has the digest " + digest + ", but "
                            + each.by().map(by -> by.id().value()).orElse("this installation") + " knows it with "
                            + link.digest());
        }
    }

    private void judgeStub(SnapshotLink link) {
        Stubs.Found stub = read.get(Stubs.name(view.lineage(), link));
        if (stub == null) {
            return; // Not read: the check is partial, or it lies below the range.
        }
        Optional<Receipt> receipt = stub.receipt();
        if (receipt.isEmpty()) {
            found(Kind.BAD_STUB, link, stub.problem());
        } else if (!receipt.get().snapshot().equals(link)) {
            found(
                    Kind.BAD_STUB,
                    link,
                    "its stub tells of the digest " + receipt.get().snapshot().digest() + ", where " + link.digest()
                            + " is expected");
        } else {
            removed.add(link.id());
        }
    }

    /** A snapshot that is there and was removed. */
    private void judgeReturned(ChainView.Present present) {
        BlobName name = Stubs.name(view.lineage(), present.link());
        if (present.link().sequence() < from
                || !view.stubs().contains(name)
                || !view.isStillThere(present.link().id())) {
            return;
        }
        Optional<Receipt> stub = stub(name).receipt();
        if (stub.isPresent() && stub.get().snapshot().equals(present.link())) {
            found(
                    Kind.RETURNED,
                    present.link(),
                    "it was removed at " + stub.get().finishedAt()
                            + ", and is there: it was put back, or its removal was interrupted; remove it again");
        } else {
            found(Kind.BAD_STUB, present.link(), "a stub tells of its removal, but not of this content");
        }
    }

    /** Stubs that nothing leads to and that are not what they should be. */
    private void judgeUnread() {
        read.forEach((name, stub) -> {
            if (stub.receipt().isEmpty()) {
                String id = name.lastComponent().substring(name.lastComponent().indexOf('-') + 1);
                breaks.putIfAbsent(
                        Kind.BAD_STUB + id,
                        new ChainBreak(
                                Kind.BAD_STUB,
                                "snapshot " + id,
                                Stubs.numberOf(name),
                                Optional.empty(),
                                stub.problem()));
            }
        });
    }

    /** Where something is gone or altered, what it continued has no successor any more, and that is no fault of its own. */
    private void judgeForks() {
        long doubtful = breaks.values().stream()
                .filter(found -> found.kind() != Kind.RETURNED)
                .mapToLong(ChainBreak::sequence)
                .max()
                .orElse(0);
        for (ChainView.Present present : view.present().values()) {
            boolean alone = !confirmed.containsKey(present.link().id());
            boolean isHead = view.tips().isEmpty() && present.link().equals(view.newestLink());
            if (alone
                    && !isHead
                    && present.link().sequence() >= unread
                    && present.link().sequence() >= Math.max(view.begin(), doubtful + 1)) {
                found(
                        Kind.FORK,
                        present.link(),
                        "none that follows continues it, and this installation does not remember it");
            }
        }
    }

    private void found(Kind kind, SnapshotLink about, String problem) {
        breaks.putIfAbsent(
                kind + about.id().value(),
                new ChainBreak(kind, "snapshot " + about.id(), about.sequence(), Optional.of(about), problem));
    }
}
