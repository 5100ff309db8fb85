package dev.cairn.backup.spi;

import java.net.URI;

/**
 * Where a dataset or a store lies, so that the engine can refuse a dataset that contains the repository, the state store or the keys.
 *
 * @param place an absolute, normalised URI with symbolic links resolved where they exist, without a trailing slash; {@code file:} for local files
 * @param volume what identifies the disk or service that holds it, or the empty string when unknown; equal volumes fail together
 */
public record Location(URI place, String volume) {

    /** Whether {@code other} is this place or lies below it. */
    public boolean contains(Location other) {
        String outer = stripped(place);
        String inner = stripped(other.place);
        return inner.equals(outer) || inner.startsWith(outer + "/");
    }

    /** Whether both are known to lie on one disk or service. */
    public boolean sharesVolumeWith(Location other) {
        return !volume.isEmpty() && volume.equals(other.volume);
    }

    private static String stripped(URI uri) {
        String text = uri.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
