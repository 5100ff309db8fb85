package dev.cairn.backup.testkit.crash;

/** The smallest things that a power cut keeps or loses. One operation may be several of them. */
sealed interface Change {

    /** What it is about, for people. */
    String describe();

    /** A change of names. */
    sealed interface OfNames extends Change {

        /** Whether forcing the folder makes it durable. */
        boolean savedBy(int directory);

        /** The inode that it is about. */
        int inode();
    }

    /** A change of one inode's content or attributes. */
    sealed interface OfInode extends Change {

        /** The inode. */
        int inode();
    }

    /** A name leads to an inode. */
    record Put(int directory, String name, int inode, String describe) implements OfNames {
        @Override
        public boolean savedBy(int forced) {
            return forced == directory;
        }
    }

    /** A name leads nowhere, if it led to this inode. */
    record Remove(int directory, String name, int inode, String describe) implements OfNames {
        @Override
        public boolean savedBy(int forced) {
            return forced == directory;
        }
    }

    /** A name moves within a folder, or a folder moves to another one: at once. */
    record Move(int fromDirectory, String from, int toDirectory, String to, int inode, String describe)
            implements OfNames {
        @Override
        public boolean savedBy(int forced) {
            return forced == fromDirectory || forced == toDirectory;
        }
    }

    /** A block of bytes, visible as far as the size reaches. */
    record Block(int inode, long offset, byte[] source, int from, int length, String path) implements OfInode {
        @Override
        public String describe() {
            return path + " [" + offset + ", " + (offset + length) + ")";
        }
    }

    /** The size grows to at least {@code size}, or is cut to it. */
    record Size(int inode, long size, boolean cut, String path) implements OfInode {
        @Override
        public String describe() {
            return path + (cut ? " cut to " : " grown to ") + size;
        }
    }

    /** An attribute. */
    record Attribute(int inode, String name, Object value, String path) implements OfInode {
        @Override
        public String describe() {
            return path + " " + name + " " + value;
        }
    }
}
