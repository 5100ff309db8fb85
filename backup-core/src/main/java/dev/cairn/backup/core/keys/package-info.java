/**
 * Who can open a repository, for hosts and their operators: the key slots and the recovery code. How slots are stored and what they wrap is in
 * {@code dev.cairn.backup.core.keys.slot}, which is not exported.
 */
package dev.cairn.backup.core.keys;
