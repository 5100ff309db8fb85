package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Instant;

/**
 * A one-time token that was used.
 *
 * @param token what identifies it: 1 to 200 characters
 * @param issuedAt when it was issued, by its own stamp
 */
public record UsedToken(String token, Instant issuedAt) {

    /** @throws InvalidValueException if the token's id is not allowed */
    public UsedToken {
        Name.checked("token", token);
    }
}
