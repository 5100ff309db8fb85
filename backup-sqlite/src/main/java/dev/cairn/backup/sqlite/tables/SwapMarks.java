package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.spi.StageContext;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Whether a swap was committed, told also when the process died before it could write that down. The mark is the schema cookie, a number in the database's
 * header that SQLite raises by one at each change of the schema and compares for equality only (https://www.sqlite.org/pragma.html#pragma_schema_version). The swap's own
 * transaction moves it forward by {@link #STEP}, having made the number durable in the journal before: the cookie is then near the one number or near the other. Nothing is
 * added to the host's schema, no number comes back that a connection may remember, and all that others notice is that they read the schema again.
 */
final class SwapMarks {

    /** Far more changes of a schema than a host makes while a restore is open. */
    static final int STEP = 1 << 20;

    private static final String SWAPPED = "tables-swapped";
    private static final String ATTEMPT = "tables-swap-";

    private final StageContext context;

    SwapMarks(StageContext context) {
        this.context = context;
    }

    /**
     * Makes durable what the cookie is before a swap.
     *
     * @return what it must be set to by the swap's transaction
     */
    int begin(int cookie) {
        int attempt = 1;
        while (true) {
            Optional<byte[]> known = context.load(ATTEMPT + attempt);
            if (known.isEmpty() || number(known.get()) == cookie) {
                context.save(
                        ATTEMPT + attempt, ByteBuffer.allocate(4).putInt(cookie).array());
                return cookie + STEP; // may wrap: the number is one of 32 bits
            }
            attempt++;
        }
    }

    /** Makes durable that the swap was committed. */
    void swapped() {
        context.save(SWAPPED, new byte[0]);
    }

    /** Whether it was written down that the swap was committed. */
    boolean isKnownSwapped() {
        return context.load(SWAPPED).isPresent();
    }

    /** Whether a swap may have been committed, so that the cookie must be asked. */
    boolean wasTried() {
        return context.load(ATTEMPT + 1).isPresent();
    }

    /** Whether the swap was committed, in a database whose cookie is this. */
    boolean isSwapped(int cookie) {
        if (isKnownSwapped()) {
            return true;
        }
        // Any attempt, not only the last: whoever sets the host's cookie back must not make a committed swap unknown.
        int attempt = 1;
        for (Optional<byte[]> tried = context.load(ATTEMPT + attempt);
                tried.isPresent();
                tried = context.load(ATTEMPT + attempt)) {
            int moved = cookie - number(tried.get());
            if (moved >= STEP && moved < 2 * STEP) {
                return true;
            }
            attempt++;
        }
        return false;
    }

    private static int number(byte[] saved) {
        return ByteBuffer.wrap(saved).getInt();
    }
}
