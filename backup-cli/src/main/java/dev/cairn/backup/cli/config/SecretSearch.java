package dev.cairn.backup.cli.config;

/** Finds keys and recovery codes in a file that must hold none, wherever they stand. */
final class SecretSearch {

    private static final String ALLOWED = "{\"file\": \"…\"} or {\"environment\": \"…\"}, which name where the key is";

    private final Mistakes mistakes;

    SecretSearch(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    void in(Located value) {
        if (value instanceof Located.Members object) {
            object.members().forEach((name, member) -> {
                if (SecretText.isSecret(name)) {
                    found(member.place());
                }
                in(member.value());
            });
        } else if (value instanceof Located.Elements array) {
            array.elements().forEach(this::in);
        } else if (value instanceof Located.Text text && SecretText.isSecret(text.value())) {
            found(text.place());
        }
    }

    private void found(Place place) {
        mistakes.add(
                place,
                "a key stands in the file; whoever reads the file or a copy of it could read every snapshot",
                ALLOWED);
    }
}
