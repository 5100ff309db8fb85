/**
 * States between snapshots: which of them can be restored, and reading one as if it were a snapshot, from a base and the pages of the transactions after it. It reads change logs and
 * never writes them; what is done with a state that was read is the restore's business.
 */
package dev.cairn.backup.core.point;
