package dev.cairn.backup.examples.sonia.gateway;

import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of a tool.
 *
 * @param capability the tool
 * @param failures how often it has failed
 * @param lastFailure when it did last, ISO 8601 in UTC; null if never
 */
public record Breaker(
        String capability, long failures, @Nullable String lastFailure) {

    Breaker failed(String at) {
        return new Breaker(capability, failures + 1, at);
    }
}
