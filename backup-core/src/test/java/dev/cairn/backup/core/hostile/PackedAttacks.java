package dev.cairn.backup.core.hostile;

import com.github.luben.zstd.Zstd;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.hostile.PackedForging.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What only chunks can say: trees of nodes that are none, and blocks that are not what they claim. */
final class PackedAttacks {

    private static final int LARGE = 64 << 20;

    private PackedAttacks() {}

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>(trees());
        attacks.addAll(leaves());
        attacks.addAll(bombs());
        return attacks;
    }

    private static List<Attack> trees() {
        return List.of(
                root("a root that is in no pack", inside -> new ChunkId(1, 2, 3, 4)),
                root("a node whose child is in no pack", inside -> node(inside, 1, "", new ChunkId(1, 2, 3, 4), 1)),
                root("levels of 17", inside -> node(inside, 17, "", leaf(inside), 1)),
                root("levels of 255", inside -> node(inside, 255, "", leaf(inside), 1)),
                root(
                        "a node above one of its own level",
                        inside -> node(inside, 1, "", node(inside, 1, "", leaf(inside), 1), 1)),
                root(
                        "a node above one of a higher level",
                        inside -> node(inside, 1, "", node(inside, 2, "", leaf(inside), 1), 1)),
                root("a chain that is deeper than its levels", PackedAttacks::chain),
                root("a child twice, as in a loop", inside -> {
                    ChunkId leaf = leaf(inside);
                    return inside.chunk(PackedForging.node(
                            1, List.of(PackedForging.child("", leaf, 1), PackedForging.child("", leaf, 1))));
                }),
                root("a child again under another path", inside -> {
                    ChunkId leaf = leaf(inside);
                    return inside.chunk(PackedForging.node(
                            1, List.of(PackedForging.child("", leaf, 1), PackedForging.child("a", leaf, 1))));
                }),
                root("a child of 2^63 - 1 entries", inside -> node(inside, 1, "", leaf(inside), Long.MAX_VALUE)),
                root("children of 2^64 entries", inside -> {
                    ChunkId leaf = leaf(inside);
                    return inside.chunk(PackedForging.node(
                            1,
                            List.of(
                                    PackedForging.child("", leaf, Long.MAX_VALUE),
                                    PackedForging.child("a", leaf, Long.MAX_VALUE))));
                }),
                root("a child of no entries", inside -> node(inside, 1, "", leaf(inside), 0)),
                root("a node without children", inside -> inside.chunk(new byte[] {1})),
                root("a leaf without entries", inside -> inside.chunk(new byte[] {0})));
    }

    private static List<Attack> leaves() {
        return List.of(
                leaf(
                        "a path whose shared part is longer than the one before",
                        new Bytes().u8(0).varint(1 << 20).text("a")),
                leaf("a path of 2^62 bytes", new Bytes().u8(0).varint(0).varint(1L << 62)),
                leaf("a number without end", new Bytes().u8(0).raw(filled(64, (byte) 0xff))),
                leaf(
                        "a path that is no UTF-8",
                        new Bytes().u8(0).varint(0).varint(2).raw(new byte[] {(byte) 0xc0, (byte) 0xaf})),
                leaf(
                        "a path with the overlong '..'",
                        new Bytes().u8(0).varint(0).varint(4).raw(new byte[] {
                            (byte) 0xc0, (byte) 0xae, (byte) 0xc0, (byte) 0xae
                        })),
                leaf(
                        "a path with half of a pair",
                        new Bytes().u8(0).varint(0).varint(3).raw(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})),
                leaf("an unknown type", honest().varint(0).text("a").u8(9).u8(0)),
                leaf("unknown flags", honest().varint(0).text("a").u8(1).u8(0x80)),
                leaf(
                        "a mode with setuid",
                        honest().varint(0).text("a").u8(1).u8(2).varint(04755).varint(0)),
                leaf(
                        "a time before all times",
                        honest().varint(0)
                                .text("a")
                                .u8(1)
                                .u8(1)
                                .varint(Long.MAX_VALUE)
                                .varint(0)
                                .varint(0)),
                leaf(
                        "2^62 bytes in extents that do not come",
                        honest().varint(0).text("a").u8(1).u8(0).varint(1L << 62)),
                leaf(
                        "an extent of no bytes",
                        honest().varint(0)
                                .text("a")
                                .u8(1)
                                .u8(0)
                                .varint(5)
                                .raw(new byte[32])
                                .varint(0)
                                .varint(0)),
                leaf(
                        "an extent behind the end of its chunk",
                        honest().varint(0)
                                .text("a")
                                .u8(1)
                                .u8(0)
                                .varint(8 << 20)
                                .raw(new byte[32])
                                .varint(1)
                                .varint(8 << 20)),
                leaf(
                        "pages of 2^40 bytes",
                        honest().varint(0).text("a").u8(1).u8(32).varint(0).varint(1L << 40)));
    }

    private static List<Attack> bombs() {
        byte[] chunk = honest().varint(0).text("a").u8(1).u8(0).varint(0).toByteArray();
        byte[] padded = Arrays.copyOf(chunk, 1 << 20);
        byte[] zeros = Zstd.compress(new byte[LARGE], 3);
        return List.of(
                root("a block whose frame claims 64 times its bytes", inside -> inside.bomb(zeros, padded)),
                root(
                        "a block whose frame claims its bytes and yields 64 times as many",
                        inside -> inside.bomb(claiming(zeros, 1 << 20), padded)),
                root("a block whose frame claims 2^63 bytes", inside -> inside.bomb(claiming(zeros, -1), padded)),
                root("a block of many frames", inside -> inside.bomb(repeated(zeros, 64), padded)),
                root(
                        "a block that is no frame",
                        inside -> inside.bomb("no frame".getBytes(StandardCharsets.UTF_8), padded)),
                root(
                        "a block of other bytes than its chunk",
                        inside -> inside.bomb(Zstd.compress(new byte[1 << 20], 3), padded)));
    }

    /** The frame with another content size in its header (RFC 8878, 3.1.1.1): the field lies behind magic, descriptor and, if there is one, window. */
    private static byte[] claiming(byte[] frame, int size) {
        byte[] forged = frame.clone();
        int descriptor = forged[4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        if (descriptor >> 6 != 2) {
            throw new AssertionError("a content size of four bytes was expected");
        }
        int at = single ? 5 : 6;
        for (int i = 0; i < 4; i++) {
            forged[at + i] = (byte) (size >>> 8 * i);
        }
        return forged;
    }

    private static byte[] repeated(byte[] frame, int times) {
        Bytes all = new Bytes();
        for (int i = 0; i < times; i++) {
            all.raw(frame);
        }
        return all.toByteArray();
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    /** A leaf that begins well, with the root. */
    private static Bytes honest() {
        return new Bytes().u8(0).varint(0).text("").u8(0).u8(0);
    }

    private static ChunkId leaf(PackedForging inside) {
        return inside.chunk(honest().toByteArray());
    }

    private static ChunkId node(PackedForging inside, int level, String first, ChunkId child, long entries) {
        return inside.chunk(PackedForging.node(level, List.of(PackedForging.child(first, child, entries))));
    }

    private static ChunkId chain(PackedForging inside) {
        ChunkId at = leaf(inside);
        for (int level = 1; level <= 40; level++) {
            at = node(inside, Math.min(level, 16), "", at, 1);
        }
        return at;
    }

    private static Attack root(String name, Function<PackedForging, ChunkId> made) {
        return new Attack(name, forgery -> forgery.root(made));
    }

    private static Attack leaf(String name, Bytes leaf) {
        return root(name, inside -> inside.chunk(leaf.toByteArray()));
    }
}
