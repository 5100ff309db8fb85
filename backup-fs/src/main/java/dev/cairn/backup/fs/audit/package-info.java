/**
 * The audit log's files: lines and their chain, the one writer, rotation and retention, the head record, the way back after a crash, and the verifier.
 * The format is told in the project's {@code docs/audit.md}. Nothing here knows what an operation of Cairn is; it is given events.
 */
package dev.cairn.backup.fs.audit;
