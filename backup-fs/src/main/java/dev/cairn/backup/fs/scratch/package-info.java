/** Private folders for temporary copies, each held by one process and cleaned by another only when that one has ended. */
package dev.cairn.backup.fs.scratch;
