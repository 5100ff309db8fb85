/** Which snapshots stay: pure rules over listed snapshots and their marks, the catalogue that lists them, and the prune that carries decisions out. */
package dev.cairn.backup.core.retain;
