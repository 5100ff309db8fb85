/**
 * How the packed repository encrypts: the repository's secrets, HKDF, and the container, the one form of everything that is stored encrypted
 * ({@code docs/repository-format.md}, 3 and 5). Who holds the keys is none of its business; nothing here knows what a body means.
 */
package dev.cairn.backup.core.crypto;
