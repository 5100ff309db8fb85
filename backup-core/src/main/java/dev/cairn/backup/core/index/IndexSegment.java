package dev.cairn.backup.core.index;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The bodies of index segments: packs and their directories, one after the other. */
public final class IndexSegment {

    /** Greatest number of bytes of a body that {@link #encode} makes of more than one pack: 16 MiB. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int HEADER_BYTES = PackId.BYTES + 8 + 4;

    private IndexSegment() {}

    /**
     * Encodes packs in the order given, into as few bodies as that order allows. A body has at most {@link #MAX_BYTES}, unless the
     * directory of a single pack is longer.
     *
     * @return no body for no packs
     */
    public static List<byte[]> encode(List<PackContents> packs) {
        List<byte[]> bodies = new ArrayList<>();
        int first = 0;
        long bytes = 0;
        for (int i = 0; i < packs.size(); i++) {
            int more = HEADER_BYTES + packs.get(i).directory().encodedLength();
            if (bytes > 0 && bytes + more > MAX_BYTES) {
                bodies.add(body(packs.subList(first, i), (int) bytes));
                first = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (bytes > 0) {
            bodies.add(body(packs.subList(first, packs.size()), (int) bytes));
        }
        return bodies;
    }

    /**
     * Reads a body. What it allocates is bounded by the length of the body.
     *
     * @param blobName the segment, for messages
     * @throws DamagedRepositoryException if it is not a body that the format allows
     */
    public static List<PackContents> decode(byte[] body, String blobName) {
        List<PackContents> packs = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.hasRemaining()) {
            int at = in.position();
            if (in.remaining() < HEADER_BYTES) {
                throw damaged(blobName, "ends in the header of a pack at byte " + at);
            }
            PackId pack = new PackId(HexFormat.of().formatHex(body, at, at + PackId.BYTES));
            in.position(at + PackId.BYTES);
            long size = in.getLong();
            int length = in.getInt();
            if (size < 0) {
                throw damaged(blobName, "gives pack " + pack + " " + Long.toUnsignedString(size) + " bytes");
            }
            if (length < 0 || length > in.remaining()) {
                throw damaged(blobName, "ends in the directory of pack " + pack);
            }
            packs.add(new PackContents(pack, size, PackDirectory.decode(body, in.position(), length, blobName)));
            in.position(in.position() + length);
        }
        return packs;
    }

    private static byte[] body(List<PackContents> packs, int bytes) {
        byte[] body = new byte[bytes];
        ByteBuffer out = ByteBuffer.wrap(body);
        for (PackContents contents : packs) {
            int length = contents.directory().encodedLength();
            out.put(HexFormat.of().parseHex(contents.pack().hex()));
            out.putLong(contents.size()).putInt(length);
            contents.directory().encode(body, out.position());
            out.position(out.position() + length);
        }
        return body;
    }

    private static DamagedRepositoryException damaged(String blobName, String problem) {
        return new DamagedRepositoryException(blobName, problem, null);
    }
}
