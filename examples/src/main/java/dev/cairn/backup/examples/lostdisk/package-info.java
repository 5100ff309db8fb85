/**
 * A bank whose database is protected continuously: its process is killed under load and its disk is lost, and another machine brings everything back but what was committed in the last moment.
 * {@code BankBackups} is the class to read first: it is all that a host writes.
 */
package dev.cairn.backup.examples.lostdisk;
