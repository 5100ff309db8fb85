/** Files and folders: the file blob store, the files dataset, durable writes. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // sqlite is built after this module, so the compiler cannot see it yet
module dev.cairn.backup.fs {
    requires transitive dev.cairn.backup;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.cairn.backup.fs;
    exports dev.cairn.backup.fs.durable to
            dev.cairn.backup.sqlite;
}
