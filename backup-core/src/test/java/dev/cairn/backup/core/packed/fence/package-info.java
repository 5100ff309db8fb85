/** Writers, readers, sweeps and prunes beside one another, suspended and killed at every step: what the fencing protocol promises. */
package dev.cairn.backup.core.packed.fence;
