package dev.cairn.backup.examples.magds;

import java.nio.file.Path;
import java.time.Instant;

/** What a backup command can do, for checks that must tell a good one from a naive one. */
interface BackupTool {

    Path backups();

    /** Takes a backup at that time; answers its id. */
    String run(Instant now) throws Exception;

    /** Whether the backup is found to be what it should be. */
    boolean verify(String id) throws Exception;

    /** Whether it counts as verified. */
    boolean saysVerified(String id) throws Exception;
}
