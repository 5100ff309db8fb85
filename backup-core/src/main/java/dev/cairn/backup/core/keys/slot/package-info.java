/**
 * Key slots as they lie in the store ({@code docs/repository-format.md}, 3): each wraps the repository's secrets for one holder. Secrets appear in no
 * message and in no {@code toString} here.
 */
package dev.cairn.backup.core.keys.slot;
