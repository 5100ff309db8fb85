/** All of Cairn in the factory: what is protected when, archives by date, restores. */
package dev.cairn.backup.examples.factory.backups;
