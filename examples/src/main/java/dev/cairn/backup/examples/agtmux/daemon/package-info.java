/**
 * The daemon: the gateway that fetches from the sources, the projection that it feeds, and the manager that backs it up, opened and closed together. {@code AgtmuxBackups} is the class to read first:
 * it is all that a host writes to be backed up.
 */
package dev.cairn.backup.examples.agtmux.daemon;
