package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.LogPosition;
import java.util.Optional;

/**
 * Where the shipper stands, for others to look at: each change is another object.
 *
 * @param position behind the last transaction that is kept; empty while the log is not followed
 * @param main what identifies the main file that is followed; empty where the platform has nothing
 * @param settled whether that is all that it knows of; false while it ships more
 */
record Standing(Optional<LogPosition> position, Optional<String> main, boolean settled) {

    static final Standing NOWHERE = new Standing(Optional.empty(), Optional.empty(), false);
}
