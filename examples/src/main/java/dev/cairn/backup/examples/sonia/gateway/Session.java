package dev.cairn.backup.examples.sonia.gateway;

/**
 * Somebody who is connected. Times are ISO 8601 in UTC.
 *
 * @param sessionId its id
 * @param userId whose
 * @param createdAt since when
 * @param lastActivity the last call
 */
public record Session(String sessionId, String userId, String createdAt, String lastActivity) {}
