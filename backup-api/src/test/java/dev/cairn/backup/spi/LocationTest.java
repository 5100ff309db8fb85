package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationTest {

    @ParameterizedTest
    @CsvSource({
        "file:///a/b, file:///a/b, true",
        "file:///a/b, file:///a/b/c, true",
        "file:///a/b, file:///a/b/c/d, true",
        "file:///a/b/, file:///a/b/c, true",
        "file:///a/b, file:///a/b/, true",
        "file:///a/b, file:///a/bc, false",
        "file:///a/b/c, file:///a/b, false",
        "file:///a, s3://a/b, false",
        "file:///, file:///a, true",
    })
    void containsItselfAndWhatLiesBelowIt(URI outer, URI inner, boolean expected) {
        assertTrue(new Location(outer, "").contains(new Location(inner, "")) == expected, outer + " and " + inner);
    }

    @Test
    void onlyKnownVolumesAreShared() {
        Location a = new Location(URI.create("file:///a"), "disk-1");
        assertTrue(a.sharesVolumeWith(new Location(URI.create("file:///b"), "disk-1")));
        assertFalse(a.sharesVolumeWith(new Location(URI.create("file:///b"), "disk-2")));
        Location unknown = new Location(URI.create("file:///c"), "");
        assertFalse(unknown.sharesVolumeWith(unknown));
    }
}
