package dev.cairn.backup.cli.config;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.keys.RecoveryCode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells secrets from other texts, so that none is accepted in a file and none is repeated in a message. */
final class SecretText {

    private static final Pattern HEX_KEY = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Set<String> NAMES = Set.of(
            "secret", "password", "passphrase", "key", "hex", "value", "code", "recovery", "recoverycode", "secretkey");
    private static final int LONGEST_SHOWN = 60;

    private SecretText() {}

    /** Whether the text is a key or a recovery code. */
    static boolean isSecret(String text) {
        if (HEX_KEY.matcher(text.strip()).matches()) {
            return true;
        }
        try {
            RecoveryCode.parse(text);
            return true;
        } catch (KeyException e) {
            return false;
        }
    }

    /** Whether a member of that name would hold a secret. */
    static boolean namesSecret(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
    }

    /** The text in quotes, shortened; of a secret, that it is not shown. */
    static String shown(String text) {
        if (isSecret(text)) {
            return "a secret (not shown)";
        }
        return "'" + (text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…") + "'";
    }
}
