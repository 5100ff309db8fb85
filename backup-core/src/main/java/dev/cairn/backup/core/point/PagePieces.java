package dev.cairn.backup.core.point;

import dev.cairn.backup.core.ship.Segment;
import dev.cairn.backup.spi.ContentSink;
import java.io.IOException;

/** Hands pages of segments out as pieces of the content; pages that follow each other in the log and in the content go as one. */
record PagePieces(int pageSize, ContentSink sink) implements LogReplay.Pages {

    @Override
    public void accept(Segment segment, int[] indexes) throws IOException {
        int[] numbers = segment.content().pages();
        for (int i = 0; i < indexes.length; ) {
            int count = 1;
            while (i + count < indexes.length
                    && indexes[i + count] == indexes[i] + count
                    && numbers[indexes[i + count]] == numbers[indexes[i]] + count) {
                count++;
            }
            sink.accept(
                    0,
                    (Integer.toUnsignedLong(numbers[indexes[i]]) - 1) * pageSize,
                    segment.content().content(),
                    indexes[i] * pageSize,
                    count * pageSize);
            i += count;
        }
    }
}
