/**
 * Chunks: what content is cut into, and the ids under which each is stored once. Nothing here knows of packs, files or stores.
 */
package dev.cairn.backup.core.chunk;
