/** In-memory state of the host as a dataset, and the JSON codec on the host's own Jackson mapper. */
package dev.cairn.backup.core.state;
