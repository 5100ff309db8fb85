package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.BackupAlert;

/**
 * What a rule has to say at this moment.
 *
 * @param kind what it is
 * @param subject the schedule or dataset
 * @param sentence what is wrong and what to do
 */
record Finding(BackupAlert.Kind kind, String subject, String sentence) {}
