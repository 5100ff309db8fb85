package dev.cairn.backup.core.lasting;

import dev.cairn.backup.InvalidValueException;

/** Names that become folders of the state store. */
final class LastingName {

    private LastingName() {}

    /** The folder of a name, with signs around it, so that none ends with a dot or is a device's name, which a blob's name may not. */
    static String folder(String root, String parameter, String name) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
            throw new InvalidValueException(
                    parameter, name, "1 to 64 characters of A-Z a-z 0-9 . _ - that do not begin with a dot");
        }
        return root + "/@" + name + "@";
    }
}
