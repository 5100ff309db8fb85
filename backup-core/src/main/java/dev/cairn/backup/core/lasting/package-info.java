/** What a host must remember whatever is restored: how often its services failed, which one-time tokens were used. Kept in the state store, outside every dataset. */
package dev.cairn.backup.core.lasting;
