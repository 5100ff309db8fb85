package dev.cairn.backup.cli.config;

/**
 * Something in a configuration file that cannot be right.
 *
 * @param place where it stands
 * @param problem what is wrong, naming the value; never a secret
 * @param allowed what is allowed there
 */
public record Mistake(Place place, String problem, String allowed) {

    /** One line: {@code file:line:column: pointer: problem; allowed: …}. */
    public String describe(String file) {
        String pointer = place.pointer().isEmpty() ? "" : place.pointer() + ": ";
        return file + ":" + place.line() + ":" + place.column() + ": " + pointer + problem + "; allowed: " + allowed;
    }
}
