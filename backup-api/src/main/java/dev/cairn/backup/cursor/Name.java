package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/** What the names of sources, incarnations, sessions, events and tokens have in common: they end up in a manifest. */
final class Name {

    static final int MAX_LENGTH = 200;

    private Name() {}

    /** @throws InvalidValueException if the value is blank, longer than allowed or holds a control character */
    static String checked(String parameter, String value) {
        boolean fits = !value.isBlank() && value.length() <= MAX_LENGTH;
        for (int i = 0; fits && i < value.length(); i++) {
            fits = !Character.isISOControl(value.charAt(i));
        }
        if (!fits) {
            throw new InvalidValueException(
                    parameter, value, "1 to " + MAX_LENGTH + " characters, not blank, no control character");
        }
        return value;
    }
}
