package dev.cairn.backup.core.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ContainerLayoutTest {

    /** Figures worked out by hand from the definition. */
    @Test
    void padmeGivesTheDefinitionsFigures() {
        assertEquals(8, ContainerLayout.padme(8));
        assertEquals(10, ContainerLayout.padme(9));
        assertEquals(1024, ContainerLayout.padme(1001));
        assertEquals(17_301_504, ContainerLayout.padme((1 << 24) + 8));
    }

    @Property
    void padmeRoundsUpToAMultipleOfItsUnit(@ForAll @LongRange(min = 2, max = 1L << 45) long length) {
        int e = BigInteger.valueOf(length).bitLength() - 1;
        int s = BigInteger.valueOf(e).bitLength();
        BigInteger unit = BigInteger.TWO.pow(e - s);
        BigInteger padded = BigInteger.valueOf(length)
                .add(unit)
                .subtract(BigInteger.ONE)
                .divide(unit)
                .multiply(unit);
        assertEquals(padded.longValueExact(), ContainerLayout.padme(length));
        assertTrue(ContainerLayout.padme(length) <= length + length * 12 / 100 + 1);
    }

    @Property
    void theSizeOfAContainerTellsItsPlaintext(@ForAll @LongRange(min = 8, max = ContainerLayout.MOST) long plaintext) {
        assertEquals(plaintext, ContainerLayout.plaintext(ContainerLayout.storedSize(plaintext)));
    }

    @Test
    void sizesThatNoContainerHasAreKnown() {
        for (long size : new long[] {Long.MIN_VALUE, -1, 0, 95, 96, 96 + 23, 96 + 16_400 + 1, 96 + 16_400 + 16}) {
            assertEquals(-1, ContainerLayout.plaintext(size), "size " + size);
        }
        assertEquals(8, ContainerLayout.plaintext(96 + 24));
        assertEquals(16_384, ContainerLayout.plaintext(96 + 16_400));
        assertEquals(16_385, ContainerLayout.plaintext(96 + 16_400 + 17));
        assertEquals(-1, ContainerLayout.plaintext(ContainerLayout.storedSize(ContainerLayout.MOST) + 17));
        assertEquals(-1, ContainerLayout.plaintext(Long.MAX_VALUE));
    }
}
