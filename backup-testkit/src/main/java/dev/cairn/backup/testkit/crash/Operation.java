package dev.cairn.backup.testkit.crash;

/** One entry of the log, as it returned. {@code path} is the name by which it was done, for people; inodes are what counts. */
sealed interface Operation {

    /** One line for people. */
    String describe();

    /** A test's own remark. */
    record Mark(String text) implements Operation {
        @Override
        public String describe() {
            return "mark '" + text + "'";
        }
    }

    /** Bytes into a file. */
    record Write(int inode, String path, long offset, byte[] bytes) implements Operation {
        @Override
        public String describe() {
            return "write " + path + " [" + offset + ", " + (offset + bytes.length) + ")";
        }
    }

    /** A file cut to a smaller size. */
    record Truncate(int inode, String path, long size) implements Operation {
        @Override
        public String describe() {
            return "truncate " + path + " to " + size;
        }
    }

    /** An attribute set. */
    record Attribute(int inode, String path, String name, Object value) implements Operation {
        @Override
        public String describe() {
            return "set " + name + " of " + path + " to " + value;
        }
    }

    /** A name that leads to an inode, new or not: create, mkdir, symlink, link. */
    record Enter(String what, String path, int directory, String name, int inode) implements Operation {
        @Override
        public String describe() {
            return what + " " + path;
        }
    }

    /** A name taken away: unlink, rmdir. */
    record Leave(String path, int directory, String name, int inode) implements Operation {
        @Override
        public String describe() {
            return "remove " + path;
        }
    }

    /** A name changed, whatever the new name led to before. */
    record Rename(
            String fromPath,
            String toPath,
            int fromDirectory,
            String from,
            int toDirectory,
            String to,
            int inode,
            boolean tree)
            implements Operation {
        @Override
        public String describe() {
            return "rename " + fromPath + " to " + toPath;
        }
    }

    /** A file or folder forced to disk. */
    record Force(int inode, String path) implements Operation {
        @Override
        public String describe() {
            return "force " + path;
        }
    }

    /** A force that failed: what it should have made durable may be lost for ever, whatever a later force says. */
    record ForceFailed(int inode, String path) implements Operation {
        @Override
        public String describe() {
            return "force " + path + " FAILED";
        }
    }
}
