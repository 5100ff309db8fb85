package dev.cairn.backup.sqlite.ship;

/** It cannot be proved that what follows in the log continues what is kept: a new timeline must begin. Never leaves this room. */
final class Doubt extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean gap;

    /**
     * @param why in a sentence, for operators
     * @param gap whether transactions may be lost
     */
    Doubt(String why, boolean gap) {
        super(why);
        this.gap = gap;
    }

    String why() {
        return String.valueOf(getMessage());
    }

    boolean gap() {
        return gap;
    }
}
