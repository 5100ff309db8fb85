/**
 * What a pack holds: blocks of chunks, compressed together, and the directory that says which chunk is where (sections 6 of the format).
 * Encryption and storage are not done here.
 */
package dev.cairn.backup.core.pack;
