/**
 * What a host application programs against ({@code dev.cairn.backup}), how its event cursors survive a restore
 * ({@code dev.cairn.backup.cursor}), how it starts, stops and is supervised ({@code dev.cairn.backup.lifecycle}), and what an
 * extension implements ({@code dev.cairn.backup.spi}). Depends on JSpecify only.
 */
@org.jspecify.annotations.NullMarked
module dev.cairn.backup {
    requires static transitive org.jspecify;

    exports dev.cairn.backup;
    exports dev.cairn.backup.cursor;
    exports dev.cairn.backup.lifecycle;
    exports dev.cairn.backup.spi;
}
