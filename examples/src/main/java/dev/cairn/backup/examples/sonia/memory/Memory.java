package dev.cairn.backup.examples.sonia.memory;

import org.jspecify.annotations.Nullable;

/**
 * Something that was remembered. Times are {@code YYYY-MM-DD HH:MM:SS} in UTC, as SQLite writes them.
 *
 * @param id its id
 * @param content what
 * @param created_at since when
 * @param archived_at since when it is archived and no longer found; null if it is not
 */
public record Memory(
        String id,
        String content,
        String created_at,
        @Nullable String archived_at) {}
