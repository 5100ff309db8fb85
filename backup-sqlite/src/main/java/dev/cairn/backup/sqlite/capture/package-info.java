/** Pins a live database at an instant and copies it from there, page by page, into scratch. Writes nothing beside the live database. */
package dev.cairn.backup.sqlite.capture;
