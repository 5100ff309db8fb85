/** Claims of sequence numbers and ids: never twice, by any process, also after a crash. Knows nothing of what is written under them. */
package dev.cairn.backup.core.claim;
