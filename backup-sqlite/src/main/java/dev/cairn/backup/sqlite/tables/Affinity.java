package dev.cairn.backup.sqlite.tables;

import java.util.Locale;

/** What a column turns values into as they are stored (https://www.sqlite.org/datatype3.html, 3.1). */
enum Affinity {
    INTEGER,
    TEXT,
    BLOB,
    REAL,
    NUMERIC;

    /** The affinity that a declared type gives, by the rules of that page, in their order. */
    static Affinity of(String declaredType) {
        String type = declaredType.toUpperCase(Locale.ROOT);
        if (type.contains("INT")) {
            return INTEGER;
        }
        if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
            return TEXT;
        }
        if (type.isEmpty() || type.contains("BLOB")) {
            return BLOB;
        }
        return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB") ? REAL : NUMERIC;
    }
}
