package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Sets attributes of one path and records those that a state can be made with: permissions and the time of modification. */
final class AttributeChanges {

    /** The real change. */
    @FunctionalInterface
    interface Change {
        void apply() throws IOException;
    }

    private final OperationLog log;
    private final Faults faults;
    private final Path real;
    private final LinkOption[] options;

    AttributeChanges(OperationLog log, Faults faults, Path real, LinkOption[] options) {
        this.log = log;
        this.faults = faults;
        this.real = real;
        this.options = options.clone();
    }

    void change(String attribute, Object value, Change change) throws IOException {
        synchronized (log) {
            faults.beforeOperation("set " + attribute + " of " + log.shown(real));
            change.apply();
            String name = attribute.substring(attribute.indexOf(':') + 1);
            Integer inode = log.inode(real, options);
            if (inode == null) {
                return;
            }
            if (name.equals("permissions")) {
                log.add(new Operation.Attribute(inode, log.shown(real), Node.PERMISSIONS, value));
            } else if (name.equals("lastModifiedTime")) {
                log.add(new Operation.Attribute(inode, log.shown(real), Node.MODIFIED, value));
            }
        }
    }
}
