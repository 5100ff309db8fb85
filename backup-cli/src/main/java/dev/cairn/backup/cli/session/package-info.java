/** A repository that one command has opened in the host's place, with the audit log that tells who did. */
package dev.cairn.backup.cli.session;
