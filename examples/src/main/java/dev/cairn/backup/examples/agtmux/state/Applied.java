package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.cursor.Sighting;
import java.util.Optional;

/**
 * What came of a page.
 *
 * @param committed up to where it is in the state now
 * @param refused what the dedup window said of the event there, if it was neither new nor known
 */
public record Applied(long committed, Optional<Sighting> refused) {}
