/**
 * Evidence that stands up afterwards, for hosts: who signs receipts, whose signatures are trusted, and receipts as files for others. What the engine does with them is in the packages below,
 * which are not for hosts.
 */
package dev.cairn.backup.core.proof;
