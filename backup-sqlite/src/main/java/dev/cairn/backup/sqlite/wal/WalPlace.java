package dev.cairn.backup.sqlite.wal;

/**
 * A place in a log: behind a frame of a generation. The checksum there covers everything from the generation's beginning, so that a log that has it at that frame
 * has the same frames up to there.
 *
 * @param salt1 the generation's first salt
 * @param salt2 its second
 * @param frame how many of its frames lie before
 * @param checksum the chain's sums behind that frame
 */
public record WalPlace(int salt1, int salt2, int frame, long checksum) {

    /** Whether a log with this header is of the same generation. */
    public boolean isIn(WalHeader header) {
        return salt1 == header.salt1() && salt2 == header.salt2();
    }
}
