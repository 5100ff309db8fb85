/** What every demonstration here needs to be run and read: a folder of its own, child processes, a report that remembers what did not hold. No host's own code. */
package dev.cairn.backup.examples.show;
