package dev.cairn.backup.core.ship;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Segments as blobs {@code <folder>/<timeline>/<number, 19 digits>}. Thread-safe. */
public final class SegmentFiles implements SegmentStore {

    /** More than a segment of the greatest size allowed can have. */
    static final int MOST_STORED = 96 << 20;

    private static final Pattern TIMELINE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern NUMBER = Pattern.compile("[0-8][0-9]{18}");

    private final BlobStore blobs;
    private final String folder;
    private final Body body;

    /** How the body of a segment is kept, bound to its timeline and number: {@code segments/<timeline>/<number>} in every repository. */
    public interface Body {

        /** What is stored. */
        byte[] seal(String name, byte[] plain);

        /**
         * What was sealed.
         *
         * @throws DamagedRepositoryException if it is not what was sealed under this name
         */
        byte[] open(String name, byte[] stored);
    }

    /**
     * @param folder the folder that holds the timelines
     * @param body how bodies are kept
     */
    public SegmentFiles(BlobStore blobs, String folder, Body body) {
        this.blobs = blobs;
        this.folder = folder;
        this.body = body;
    }

    /** The name of a segment, for messages and to bind it to. */
    static String name(String timeline, long number) {
        return "segments/" + timeline + "/" + digits(number);
    }

    private static String digits(long number) {
        return "%019d".formatted(number);
    }

    private BlobName blob(String timeline, long number) {
        if (!isTimeline(timeline)) {
            throw new InvalidValueException("timeline", timeline, "32 lower-case hexadecimal digits");
        }
        if (number < 0) {
            throw new InvalidValueException("number", number, "0 or more");
        }
        return BlobName.of(folder + "/" + timeline + "/" + digits(number));
    }

    static boolean isTimeline(String name) {
        return TIMELINE.matcher(name).matches();
    }

    @Override
    public byte[] seal(String timeline, long number, byte[] plain) {
        return body.seal(name(timeline, number), plain);
    }

    @Override
    public PutOutcome put(String timeline, long number, byte[] sealed) {
        return blobs.putIfAbsent(blob(timeline, number), BlobContent.of(sealed));
    }

    @Override
    public byte[] read(String timeline, long number) {
        return unseal(timeline, number, read(blobs, blob(timeline, number)));
    }

    /** Reads a blob whole that holds a sealed segment. */
    static byte[] read(BlobStore blobs, BlobName name) {
        try (InputStream in = blobs.read(name)) {
            byte[] stored = in.readNBytes(MOST_STORED + 1);
            if (stored.length > MOST_STORED) {
                throw new DamagedRepositoryException(name.value(), "has more than " + MOST_STORED + " bytes", null);
            }
            return stored;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " in " + blobs.describe() + " cannot be read: " + e,
                    "Look after the store",
                    e);
        }
    }

    @Override
    public byte[] unseal(String timeline, long number, byte[] sealed) {
        return body.open(name(timeline, number), sealed);
    }

    @Override
    public Set<String> timelines() {
        Set<String> found = new TreeSet<>(blobs.children(folder));
        found.removeIf(name -> !isTimeline(name));
        // A folder that has become empty may still be listed. Nearly all have their head; a long timeline takes long to
        // list.
        found.removeIf(timeline ->
                blobs.stat(blob(timeline, 0)).isEmpty() && list(timeline).isEmpty());
        return found;
    }

    @Override
    public SortedMap<Long, Long> list(String timeline) {
        SortedMap<Long, Long> found = new TreeMap<>();
        for (BlobInfo blob : blobs.list(folder + "/" + timeline)) {
            String last = blob.name().lastComponent();
            if (isNumber(last)) {
                found.put(Long.parseLong(last), blob.size());
            }
        }
        return found;
    }

    static boolean isNumber(String name) {
        return NUMBER.matcher(name).matches();
    }

    @Override
    public void delete(String timeline, Collection<Long> numbers) {
        blobs.deleteAll(numbers.stream().map(number -> blob(timeline, number)).toList());
    }
}
