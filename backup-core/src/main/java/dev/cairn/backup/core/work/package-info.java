/** Waiting for what was handed to other threads, and telling them to end. Whose threads they are, and what they do, is their room's business. */
package dev.cairn.backup.core.work;
