/** A task list with a database, attached files and drafts in memory: the smallest application that has all three, and how it is protected. The README shows it. */
package dev.cairn.backup.examples.tasks;
