/** Defects that were found once, each held by a test that states the behaviour wanted. Fixtures come from the rooms' own tests. */
package dev.cairn.backup.core.regress;
