package dev.cairn.backup.cli.config;

import java.util.List;
import java.util.Map;

/** A value of a JSON document that knows where it stands. Immutable. */
sealed interface Located {

    Place place();

    /** What it is, as messages name it: its type, and its value where that is short and no secret. */
    String shown();

    /** An object; its members in the order of the file. */
    record Members(Place place, Map<String, Member> members) implements Located {
        @Override
        public String shown() {
            return "an object";
        }
    }

    /** A name with its value; the place is that of the name. */
    record Member(Place place, Located value) {}

    /** An array. */
    record Elements(Place place, List<Located> elements) implements Located {
        @Override
        public String shown() {
            return "an array";
        }
    }

    /** A string. */
    record Text(Place place, String value) implements Located {
        @Override
        public String shown() {
            return SecretText.shown(value);
        }
    }

    /** A number, {@code true}, {@code false} or {@code null}, as written. */
    record Literal(Place place, String value) implements Located {
        @Override
        public String shown() {
            return value;
        }
    }
}
