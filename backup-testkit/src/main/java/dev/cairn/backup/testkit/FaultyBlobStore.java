package dev.cairn.backup.testkit;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store around another one that fails where a test tells it to. Calls are numbered from 1 in the order in which they begin, all
 * operations together; a fault that is tied to an operation counts only the calls of that operation. Rules may be added while calls
 * run. Thread-safe.
 */
public final class FaultyBlobStore implements BlobStore {

    /** The operations of a store that are counted. {@code describe}, {@code location} and {@code close} never fail. */
    public enum Operation {
        /** {@link BlobStore#putIfAbsent}. */
        PUT,
        /** {@link BlobStore#read}. */
        READ,
        /** {@link BlobStore#readRange}. */
        READ_RANGE,
        /** {@link BlobStore#stat}. */
        STAT,
        /** {@link BlobStore#list}. */
        LIST,
        /** {@link BlobStore#children}. */
        CHILDREN,
        /** {@link BlobStore#delete}; {@link BlobStore#deleteAll} is one call for each blob, so that it can fail between two. */
        DELETE
    }

    /** What a torn put leaves and answers. */
    public enum Tear {
        /** Half of the content is read, nothing is stored, the call fails. */
        NOTHING_STORED,
        /** Nothing is stored; the call answers {@link PutOutcome#UNKNOWN}. */
        LOST_UNKNOWN,
        /** The blob is stored; the call answers {@link PutOutcome#UNKNOWN}. */
        STORED_UNKNOWN,
        /** The blob is stored; the call fails with {@link StoreException.Reason#OUTCOME_UNKNOWN}, as when an answer is lost. */
        STORED_BUT_FAILS
    }

    /**
     * One call, before it reaches the store below.
     *
     * @param operation which
     * @param name the blob's name or the folder
     * @param number its number among all calls, from 1
     * @param ofOperation its number among the calls of its operation, from 1
     */
    public record Call(Operation operation, String name, long number, long ofOperation) {}

    /** Told of each call before it runs; what it throws the caller gets. */
    @FunctionalInterface
    public interface CallHook {

        /** Called on the calling thread. */
        void called(Call call);
    }

    private final BlobStore delegate;
    private final FaultyPuts puts;
    private final List<CallHook> hooks = new CopyOnWriteArrayList<>();
    private final AtomicLong calls = new AtomicLong();
    private final Map<Operation, AtomicLong> counts = new EnumMap<>(Operation.class);

    private FaultyBlobStore(BlobStore delegate) {
        this.delegate = delegate;
        this.puts = new FaultyPuts(delegate);
        for (Operation operation : Operation.values()) {
            counts.put(operation, new AtomicLong());
        }
    }

    /** A store that does what {@code delegate} does until it is told otherwise. Closing it closes the delegate. */
    public static FaultyBlobStore over(BlobStore delegate) {
        return new FaultyBlobStore(delegate);
    }

    /** Lets the call of that number fail with {@link StoreException.Reason#IO}; nothing reaches the store below. */
    public FaultyBlobStore failAt(long number) {
        return failWhen(call -> call.number() == number);
    }

    /** Lets the call of that number among the calls of one operation fail. */
    public FaultyBlobStore failAt(Operation operation, long number) {
        return failWhen(call -> call.operation() == operation && call.ofOperation() == number);
    }

    /** Lets the call of that number and all later ones fail, as when a store has gone away. */
    public FaultyBlobStore failFrom(long number) {
        return failWhen(call -> call.number() >= number);
    }

    /** Lets one put fail in the middle; {@code number} counts puts. */
    public FaultyBlobStore tearAt(long number, Tear tear) {
        puts.tear(number, tear);
        return this;
    }

    /** Lets the calls of that number wait; the rest go on. */
    public FaultyBlobStore delay(long number, Duration time) {
        CountDownLatch never = new CountDownLatch(1);
        return delayWhen(n -> n == number, never, time);
    }

    /** Lets the call of that number wait until the latch is open, at most two minutes, after which it fails. */
    public FaultyBlobStore delay(long number, CountDownLatch latch) {
        return delayWhen(n -> n == number, latch, null);
    }

    /** Lets puts fail with {@link StoreException.Reason#FULL} once they would store more than this many bytes from now on. Deletes give no room back. */
    public FaultyBlobStore fullAfter(long bytes) {
        puts.fullAfter(bytes);
        return this;
    }

    /** Calls the hook at each call, before it runs, in the order in which hooks were added. */
    public FaultyBlobStore onCall(CallHook hook) {
        hooks.add(hook);
        return this;
    }

    /** Takes all rules and hooks away; counts stay. */
    public FaultyBlobStore heal() {
        hooks.clear();
        puts.heal();
        return this;
    }

    /** How many calls have begun. */
    public long calls() {
        return calls.get();
    }

    /** How many calls of an operation have begun. */
    public long calls(Operation operation) {
        return count(operation).get();
    }

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        long number = begin(Operation.PUT, name.value()).ofOperation();
        return puts.put(number, name, content);
    }

    @Override
    public InputStream read(BlobName name) {
        begin(Operation.READ, name.value());
        return delegate.read(name);
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        begin(Operation.READ_RANGE, name.value());
        return delegate.readRange(name, offset, length);
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        begin(Operation.STAT, name.value());
        return delegate.stat(name);
    }

    @Override
    public List<BlobInfo> list(String folder) {
        begin(Operation.LIST, folder);
        return delegate.list(folder);
    }

    @Override
    public Set<String> children(String folder) {
        begin(Operation.CHILDREN, folder);
        return delegate.children(folder);
    }

    @Override
    public boolean delete(BlobName name) {
        begin(Operation.DELETE, name.value());
        return delegate.delete(name);
    }

    @Override
    public boolean singleWriter() {
        return delegate.singleWriter();
    }

    @Override
    public Optional<Location> location() {
        return delegate.location();
    }

    @Override
    public Optional<ScratchSpace> scratch() {
        return delegate.scratch();
    }

    @Override
    public String describe() {
        return "faulty " + delegate.describe();
    }

    @Override
    public void close() {
        delegate.close();
    }

    private Call begin(Operation operation, String name) {
        Call call = new Call(
                operation, name, calls.incrementAndGet(), count(operation).incrementAndGet());
        hooks.forEach(hook -> hook.called(call));
        return call;
    }

    private AtomicLong count(Operation operation) {
        return Objects.requireNonNull(counts.get(operation));
    }

    private FaultyBlobStore failWhen(Predicate<Call> rule) {
        return onCall(call -> {
            if (rule.test(call)) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "Injected fault at call " + call.number() + ", " + call.operation() + " '" + call.name() + "'",
                        "Nothing: a test wanted it",
                        null);
            }
        });
    }

    private FaultyBlobStore delayWhen(LongPredicate rule, CountDownLatch latch, @Nullable Duration time) {
        return onCall(call -> {
            if (!rule.test(call.number())) {
                return;
            }
            try {
                boolean open = latch.await(time == null ? 120_000 : time.toMillis(), TimeUnit.MILLISECONDS);
                if (!open && time == null) {
                    throw new AssertionError("nobody opened the latch that holds call " + call.number());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
