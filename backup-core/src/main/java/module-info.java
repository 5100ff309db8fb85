import org.jspecify.annotations.NullMarked;

/** The engine: {@code Cairn.builder()} is the one entry point. It never touches a disk; all its I/O goes through blob stores. */
@NullMarked
@SuppressWarnings("requires-automatic") // com.cronutils gives its name in its manifest, which is as stable.
module dev.cairn.backup.core {
    requires static transitive org.jspecify;
    requires transitive dev.cairn.backup;
    requires transitive com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires com.github.luben.zstd_jni;
    requires org.apache.commons.compress;
    requires com.cronutils;

    exports dev.cairn.backup.core;
    exports dev.cairn.backup.core.archive;
    exports dev.cairn.backup.core.browse;
    exports dev.cairn.backup.core.inspect;
    exports dev.cairn.backup.core.keys;
    exports dev.cairn.backup.core.lasting;
    exports dev.cairn.backup.core.packed;
    exports dev.cairn.backup.core.proof;
    exports dev.cairn.backup.core.state;
}
