/** Reading a snapshot back and comparing every byte with its checksums. */
package dev.cairn.backup.core.verify;
