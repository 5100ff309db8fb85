/**
 * What a host names when its state lies in files: {@link dev.cairn.backup.fs.FilesDataset} (a tree or a file that is captured and
 * restored), {@link dev.cairn.backup.fs.FileBlobStore} (where snapshots are kept), {@link dev.cairn.backup.fs.FileAuditLog} (who did what)
 * and {@link dev.cairn.backup.fs.FileHome} (store and key, for hosts that do not care where). How they do it lives in the rooms below; nothing here opens a file itself.
 */
package dev.cairn.backup.fs;
