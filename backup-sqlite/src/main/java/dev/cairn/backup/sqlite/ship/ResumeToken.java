package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.sqlite.wal.WalPlace;
import java.util.Optional;

/**
 * Where a log stood, as kept with each segment, for the process that goes on. The checksum at the place proves all frames of the generation up to it.
 *
 * @param place the place; empty if the log had no frame yet
 * @param closed whether shipping was ended there in order
 * @param main what identifies the main file, see {@link dev.cairn.backup.sqlite.live.DatabaseFiles#keyOf}; empty where the platform has nothing
 */
record ResumeToken(Optional<WalPlace> place, boolean closed, Optional<String> main) {

    private static final String FORM = "wal1";
    private static final String OPEN = "open";
    private static final String CLOSED = "closed";

    String text() {
        String where = place.map(
                        at -> "%08x.%08x.%d.%016x".formatted(at.salt1(), at.salt2(), at.frame(), at.checksum()))
                .orElse("-");
        return FORM + " " + where + " " + (closed ? CLOSED : OPEN) + " " + main.orElse("-");
    }

    /** The token of a text; empty if it is none of ours. */
    static Optional<ResumeToken> of(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 4 || !parts[0].equals(FORM)) {
            return Optional.empty();
        }
        boolean closed = parts[2].equals(CLOSED);
        Optional<String> main = parts[3].equals("-") ? Optional.empty() : Optional.of(parts[3]);
        if (parts[1].equals("-")) {
            return Optional.of(new ResumeToken(Optional.empty(), closed, main));
        }
        String[] at = parts[1].split("\\.", -1);
        try {
            WalPlace place = new WalPlace(
                    Integer.parseUnsignedInt(at[0], 16),
                    Integer.parseUnsignedInt(at[1], 16),
                    Integer.parseInt(at[2]),
                    Long.parseUnsignedLong(at[3], 16));
            return Optional.of(new ResumeToken(Optional.of(place), closed, main));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
