/** A small JSON server on loopback and its client, for the hosts that are talked to over HTTP. Nothing of backups may live here. */
package dev.cairn.backup.examples.http;
