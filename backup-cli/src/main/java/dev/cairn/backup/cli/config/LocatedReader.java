package dev.cairn.backup.cli.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON text with the place of everything in it. A name that comes twice and text that is no JSON are mistakes like any other. */
final class LocatedReader {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Mistakes mistakes;

    LocatedReader(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** The document; empty if it is none, which the mistakes tell. */
    Optional<Located> read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Place whole = new Place("", 1, 1);
            JsonToken first = parser.nextToken();
            if (first == null) {
                mistakes.add(whole, "the file is empty", "one JSON object");
                return Optional.empty();
            }
            Located document = value(parser, whole);
            JsonToken more = parser.nextToken();
            if (more != null) {
                mistakes.add(at(parser.currentTokenLocation()), "there is more behind the object", "one JSON object");
            }
            return Optional.of(document);
        } catch (JsonProcessingException e) {
            mistakes.add(at(e.getLocation()), "no JSON: " + problem(e), "JSON as in RFC 8259, without comments");
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A string has no device that could fail.
        }
    }

    /** Jackson quotes what it read only where it is an unknown word, which could be a secret without its quotation marks. */
    private static String problem(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        return message.startsWith("Unrecognized token") ? "a word that is neither true, false nor null" : message;
    }

    private static Place at(@Nullable JsonLocation location) {
        return location == null
                ? new Place("", 1, 1)
                : new Place("", Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    private Located value(JsonParser parser, Place place) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser, place);
            case START_ARRAY -> elements(parser, place);
            case VALUE_STRING -> new Located.Text(place, parser.getText());
            default -> new Located.Literal(place, parser.getText());
        };
    }

    private Located members(JsonParser parser, Place place) throws IOException {
        Map<String, Located.Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonLocation of = parser.currentTokenLocation();
            Place named = place.child(name, of.getLineNr(), of.getColumnNr());
            parser.nextToken();
            JsonLocation begin = parser.currentTokenLocation();
            Located value = value(parser, place.child(name, begin.getLineNr(), begin.getColumnNr()));
            if (members.putIfAbsent(name, new Located.Member(named, value)) != null) {
                mistakes.add(named, "'" + name + "' comes a second time", "each name once");
            }
        }
        return new Located.Members(place, members);
    }

    private Located elements(JsonParser parser, Place place) throws IOException {
        List<Located> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonLocation begin = parser.currentTokenLocation();
            elements.add(value(
                    parser, place.child(Integer.toString(elements.size()), begin.getLineNr(), begin.getColumnNr())));
        }
        return new Located.Elements(place, elements);
    }
}
