package dev.cairn.backup.core.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON in one form only, so that equal values have equal digests: the JSON Canonicalization Scheme of RFC 8785 for what {@link JsonObject} holds. No white space; fields sorted by the UTF-16
 * code units of their names; in texts only {@code "}, {@code \} and controls are escaped, as {@code \b \t \n \f \r} or four lower-case hexadecimal digits; UTF-8.
 *
 * <p>It differs from RFC 8785 in two points. Numbers are whole, of 64 bits, in decimal with all their digits (RFC 8785 knows doubles only and so loses digits above 2^53). Half a surrogate
 * pair, which RFC 8785 refuses, is written as its escape, so that any text that was ever stored has a form. Fields that are null are as good as not there.
 */
public final class CanonicalJson {

    private static final String HEX = "0123456789abcdef";

    private CanonicalJson() {}

    /** The canonical form, in UTF-8. */
    public static byte[] of(JsonObject object) {
        StringBuilder out = new StringBuilder(256);
        write(object, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            String separator = "{";
            for (Map.Entry<String, Object> field : new TreeMap<>(object.fields()).entrySet()) {
                out.append(separator);
                text(field.getKey(), out);
                out.append(':');
                write(field.getValue(), out);
                separator = ",";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value instanceof String text) {
            text(text, out);
        } else {
            out.append(value); // A Long or a Boolean: JsonObject holds nothing else.
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c) && !isPair(text, i)) {
                escape(c, out);
            } else {
                character(c, out);
            }
        }
        out.append('"');
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static void character(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                if (c < 0x20) {
                    escape(c, out);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
