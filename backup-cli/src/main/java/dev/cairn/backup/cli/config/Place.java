package dev.cairn.backup.cli.config;

/**
 * Where something stands in a configuration file.
 *
 * @param pointer its JSON pointer, RFC 6901; empty for the whole document
 * @param line counted from 1
 * @param column counted from 1, in UTF-16 characters
 */
public record Place(String pointer, int line, int column) {

    /** The place of a member or an element of what stands here. A name that is a secret is not shown. */
    Place child(String name, int atLine, int atColumn) {
        String shown = SecretText.isSecret(name)
                ? "(not shown)"
                : name.replace("~", "~0").replace("/", "~1");
        return new Place(pointer + "/" + shown, atLine, atColumn);
    }
}
