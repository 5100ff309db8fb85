/** Snapshots made by somebody who wants harm: each is refused with a typed error before anything of the target has changed. */
package dev.cairn.backup.core.hostile;
