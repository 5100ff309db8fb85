package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cairn.backup.cli.config.Place;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Where each value of a JSON text stands, by its pointer. */
final class KeyPlaces {

    private final Map<String, Place> places = new HashMap<>();

    /** @throws com.fasterxml.jackson.core.JsonProcessingException if it is no JSON */
    KeyPlaces(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    String pointer = parser.getParsingContext().pathAsPointer().toString();
                    var at = parser.currentTokenLocation();
                    places.putIfAbsent(pointer, new Place(pointer, at.getLineNr(), at.getColumnNr()));
                }
            }
        }
    }

    /** Its place; of what is not there, that of the innermost value which should hold it. */
    Place of(String pointer) {
        String known = pointer;
        while (!places.containsKey(known) && !known.isEmpty()) {
            known = known.substring(0, known.lastIndexOf('/'));
        }
        Place place = places.getOrDefault(known, new Place("", 1, 1));
        return new Place(pointer, place.line(), place.column());
    }
}
