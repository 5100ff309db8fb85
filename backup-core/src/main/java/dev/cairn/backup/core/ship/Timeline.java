package dev.cairn.backup.core.ship;

import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of proven continuity of one dataset's log, as its head tells.
 *
 * @param id 32 lower-case hexadecimal digits
 * @param dataset the dataset's name
 * @param lineage the installation that shipped it
 * @param pageSize bytes of a page
 * @param begunAt when it was begun, by the wall clock of the protected host
 * @param why why it was begun, in a sentence
 * @param gap whether transactions may be missing between its predecessor and it
 * @param predecessor the timeline before it, if there was one
 */
public record Timeline(
        String id,
        String dataset,
        String lineage,
        int pageSize,
        Instant begunAt,
        String why,
        boolean gap,
        Optional<String> predecessor) {}
