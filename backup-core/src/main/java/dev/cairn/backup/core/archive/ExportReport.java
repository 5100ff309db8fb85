package dev.cairn.backup.core.archive;

import java.util.Optional;

/**
 * What was exported.
 *
 * @param entries entries of all datasets
 * @param contentBytes bytes of their contents
 * @param archiveBytes size of the archive as it was written
 * @param sha256 of the archive as it was written, 64 hexadecimal digits
 * @param mac of an encrypted archive, 64 hexadecimal digits: to be kept beside it, see {@link ArchiveKey}; empty for others
 */
public record ExportReport(long entries, long contentBytes, long archiveBytes, String sha256, Optional<String> mac) {}
