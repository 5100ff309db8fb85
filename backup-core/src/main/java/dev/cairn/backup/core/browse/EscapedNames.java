package dev.cairn.backup.core.browse;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Turns the path of an entry into a valid blob name that people can still read: bytes that a name may not hold become {@code %XX}. The manifest keeps the
 * real path, so nothing is ever turned back.
 */
final class EscapedNames {

    /** Escaped components longer than this are cut and told apart by a digest; leaves room below {@link BlobName#MAX_COMPONENT}. */
    private static final int LONGEST_COMPONENT = 200;

    /** Names longer than this are replaced by a digest; leaves room below {@link BlobName#MAX_LENGTH}. */
    private static final int LONGEST_NAME = 900;

    private EscapedNames() {}

    /** Where the content of an entry is stored. */
    static BlobName content(SnapshotId snapshot, String dataset, EntryPath path) {
        StringBuilder name =
                new StringBuilder(snapshot.value()).append("/snapshot/").append(component(dataset));
        for (String part : path.value().split("/", -1)) {
            if (!part.isEmpty()) {
                name.append('/').append(component(part));
            }
        }
        return name.length() > LONGEST_NAME ? digestOnly(snapshot, dataset, path) : BlobName.of(name.toString());
    }

    /** A place that differs from those of all other entries also where a file system does not tell upper from lower case. */
    static BlobName digestOnly(SnapshotId snapshot, String dataset, EntryPath path) {
        return BlobName.of(snapshot + "/snapshot/" + component(dataset) + "/%-/" + digest(path.value()));
    }

    /** One component, escaped. */
    static String component(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c != '%' && BlobName.isAllowed(c)) {
                escaped.append(c);
            } else {
                appendEscaped(escaped, b);
            }
        }
        if (escaped.charAt(escaped.length() - 1) == '.') {
            escaped.setLength(escaped.length() - 1);
            appendEscaped(escaped, (byte) '.');
        }
        if (BlobName.isDeviceName(escaped.toString())) {
            byte first = (byte) escaped.charAt(0);
            escaped.deleteCharAt(0);
            StringBuilder head = new StringBuilder();
            appendEscaped(head, first);
            escaped.insert(0, head);
        }
        return escaped.length() > LONGEST_COMPONENT
                ? escaped.substring(0, LONGEST_COMPONENT / 2) + "%-" + digest(text)
                : escaped.toString();
    }

    private static void appendEscaped(StringBuilder out, byte b) {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
    }

    private static String digest(String text) {
        return HexFormat.of().formatHex(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }
}
