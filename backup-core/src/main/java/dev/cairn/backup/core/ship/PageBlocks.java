package dev.cairn.backup.core.ship;

import dev.cairn.backup.core.pack.BlockCodec;
import dev.cairn.backup.spi.LogSegment;

/** The end of a segment's body: the numbers of its pages, then their contents in compressed blocks. */
final class PageBlocks {

    /** Raw bytes of each block but the last. Level 1 of zstd looks back half a MiB, so that larger ones would not become smaller. */
    static final int BLOCK = 4 << 20;

    private static final int STORED = 0;
    private static final int ZSTD = 1;

    private PageBlocks() {}

    static void write(BodyWriter out, LogSegment segment) {
        int before = 0;
        for (int page : segment.pages()) {
            out.zigzag((long) page - before);
            before = page;
        }
        byte[] content = segment.content();
        try (BlockCodec codec = new BlockCodec()) {
            for (int at = 0; at < content.length; at += BLOCK) {
                BlockCodec.Encoded block = codec.encode(content, at, Math.min(BLOCK, content.length - at));
                out.u8(block.zstd() ? ZSTD : STORED);
                out.varint(block.length());
                out.raw(block.bytes(), block.length());
            }
        }
    }

    static LogSegment read(BodyReader in, SegmentHeader header) {
        int[] pages = new int[header.pages()];
        long before = 0;
        for (int i = 0; i < pages.length; i++) {
            before += in.zigzag();
            if (before < 1 || before > Integer.MAX_VALUE) {
                throw in.damage("a page has the number " + before);
            }
            pages[i] = (int) before;
        }
        byte[] content = new byte[pages.length * header.pageSize()];
        byte[] block = new byte[Math.min(BLOCK, content.length)];
        try (BlockCodec codec = new BlockCodec()) {
            for (int at = 0; at < content.length; at += BLOCK) {
                int raw = Math.min(BLOCK, content.length - at);
                readBlock(in, codec, block, raw);
                System.arraycopy(block, 0, content, at, raw);
            }
        }
        in.end();
        return new LogSegment(header.pageSize(), header.commits(), pages, content, header.resume());
    }

    private static void readBlock(BodyReader in, BlockCodec codec, byte[] into, int raw) {
        int form = in.u8();
        if (form > ZSTD) {
            throw in.damage("a block has the form " + form);
        }
        int length = in.varint(Math.min(raw, in.left()), "the length of a block");
        int start = in.skip(length);
        codec.decode(in.bytes(), start, length, form == ZSTD, into, raw, in.name());
    }
}
