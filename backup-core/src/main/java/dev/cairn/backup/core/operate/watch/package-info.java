/**
 * Whether the host is as well protected as it declared, and who is told when it is not: pure rules over what is known without reading a repository, a book of standing alerts, and the one class
 * that brings them together. No rule reads a clock.
 */
package dev.cairn.backup.core.operate.watch;
