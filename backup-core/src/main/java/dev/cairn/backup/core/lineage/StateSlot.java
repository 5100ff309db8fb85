package dev.cairn.backup.core.lineage;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One small value in the state store that can be replaced, although blobs cannot: each value is a blob {@code <folder>/<n>}, the highest number
 * counts, lower ones are removed. Of two processes that replace it at once, one looks again and builds on the other's value.
 *
 * @param <T> what is kept
 */
public final class StateSlot<T> {

    private final BlobStore state;
    private final String folder;
    private final Form<T> form;

    /** How a value is written and read. */
    public interface Form<T> {

        /** The value as JSON. */
        JsonObject write(T value);

        /**
         * The value.
         *
         * @throws JsonFormatException if a field is absent or of another type
         */
        T read(JsonObject json) throws JsonFormatException;

        /** A number in a field of that name. */
        static Form<Long> number(String field) {
            return new Form<>() {
                @Override
                public JsonObject write(Long value) {
                    return new JsonObject().put(field, value.longValue());
                }

                @Override
                public Long read(JsonObject json) throws JsonFormatException {
                    return json.number(field);
                }
            };
        }

        /** A text in a field of that name. */
        static Form<String> text(String field) {
            return new Form<>() {
                @Override
                public JsonObject write(String value) {
                    return new JsonObject().put(field, value);
                }

                @Override
                public String read(JsonObject json) throws JsonFormatException {
                    return json.text(field);
                }
            };
        }
    }

    /** A slot of that name; nothing is read yet. */
    public StateSlot(BlobStore state, String folder, Form<T> form) {
        this.state = state;
        this.folder = folder;
        this.form = form;
    }

    /** The value, if one was ever put. */
    public Optional<T> get() {
        while (true) {
            try {
                return newest(state.list(folder)).map(this::read);
            } catch (BlobNotFoundException e) {
                // Replaced between the listing and its reading: look again.
            }
        }
    }

    /**
     * Replaces the value by what the function makes of the present one; durable when this returns. The function may be asked again about a value
     * that another process has built on this very change, so it must answer the same for its own answer.
     */
    public T update(UnaryOperator<Optional<T>> change) {
        while (true) {
            List<BlobInfo> before = state.list(folder);
            Optional<BlobName> newest = newest(before);
            Optional<T> present;
            try {
                present = newest.map(this::read);
            } catch (BlobNotFoundException e) {
                continue; // Replaced between the listing and its reading.
            }
            T value = change.apply(present).orElseThrow();
            BlobName next = BlobName.of(
                    folder + "/%019d".formatted(newest.map(StateSlot::number).orElse(0L) + 1));
            PutOutcome outcome =
                    state.putIfAbsent(next, BlobContent.of(form.write(value).toBytes()));
            if (outcome == PutOutcome.CREATED
                    && !next.equals(newest(state.list(folder)).orElse(next))) {
                // Others went on meanwhile. They may have removed this number before it was put, so that it came back
                // below theirs.
                state.delete(next);
                continue;
            }
            if (outcome == PutOutcome.CREATED) {
                state.deleteAll(before.stream().map(BlobInfo::name).toList());
                return value;
            }
            if (outcome == PutOutcome.UNKNOWN) {
                throw new StoreException(
                        StoreException.Reason.OUTCOME_UNKNOWN,
                        "The value " + folder + " in " + state.describe() + " may not be durable",
                        "Look after the disk of the state store",
                        null);
            }
        }
    }

    /** Replaces the value. */
    public void set(T value) {
        update(old -> Optional.of(value));
    }

    private static Optional<BlobName> newest(List<BlobInfo> blobs) {
        return blobs.stream()
                .map(BlobInfo::name)
                .filter(name -> number(name) > 0)
                .max((a, b) -> Long.compare(number(a), number(b)));
    }

    private static long number(BlobName name) {
        String last = name.lastComponent();
        return last.matches("[0-9]{19}") ? Long.parseLong(last) : 0;
    }

    private T read(BlobName name) {
        try (InputStream in = state.read(name)) {
            return form.read(JsonObject.parse(in.readAllBytes()));
        } catch (IOException | DateTimeException | ArithmeticException | InvalidValueException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " in the state store " + state.describe() + " cannot be read: " + e.getMessage(),
                    "Restore the state store's disk; if it is lost for good, begin with an empty state store, which is a new lineage",
                    e);
        }
    }
}
