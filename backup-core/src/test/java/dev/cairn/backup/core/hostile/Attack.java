package dev.cairn.backup.core.hostile;

import java.util.function.Consumer;

/**
 * One way to do harm by a snapshot.
 *
 * @param name what it tries
 * @param how what of an honest snapshot is changed
 */
record Attack(String name, Consumer<Forgery> how) {

    Forgery forgery() {
        Forgery forgery = new Forgery();
        how.accept(forgery);
        return forgery;
    }

    @Override
    public String toString() {
        return name;
    }
}
