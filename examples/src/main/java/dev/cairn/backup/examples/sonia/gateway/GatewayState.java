package dev.cairn.backup.examples.sonia.gateway;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * All that the gateway holds at one instant. Immutable, so that a backup only has to take the reference while the gateway waits.
 *
 * @param sessions who is connected
 * @param confirmations what waits for a yes
 * @param dlq what failed for good
 * @param breakers how the tools do
 */
public record GatewayState(
        List<Session> sessions, List<Confirmation> confirmations, List<DeadLetter> dlq, List<Breaker> breakers) {

    /** Reads and writes the state as the runbook shows it; keys in one order, so that a digest can be taken. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Copies the lists. */
    public GatewayState {
        sessions = List.copyOf(sessions);
        confirmations = List.copyOf(confirmations);
        dlq = List.copyOf(dlq);
        breakers = List.copyOf(breakers);
    }

    Map<String, Long> counts() {
        return Map.of(
                "sessions", (long) sessions.size(),
                "confirmations", (long) confirmations.size(),
                "dlq", (long) dlq.size(),
                "breakers", (long) breakers.size());
    }
}
