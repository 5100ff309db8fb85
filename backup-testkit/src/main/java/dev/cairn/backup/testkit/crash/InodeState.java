package dev.cairn.backup.testkit.crash;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One inode at one point of the log: what is durable of it and what may have been lost. */
final class InodeState {

    /** Contents that were built for this point; a bound on what is kept, in bytes. */
    private static final long MOST_CACHED_BYTES = 16 << 20;

    private Content durable;
    private final Map<String, Object> attributes;
    private final List<Atom> atoms = new ArrayList<>();
    private final Map<BitSet, Content> built = new HashMap<>();
    private long cachedBytes;
    private long liveSize;

    InodeState(Node node) {
        durable = new Content(node.content());
        attributes = new TreeMap<>(node.attributes());
        liveSize = node.content().length;
    }

    void add(Atom atom) {
        atoms.add(atom);
        if (atom.change instanceof Change.Size size) {
            liveSize = size.cut() ? size.size() : Math.max(liveSize, size.size());
        }
        forget();
    }

    long liveSize() {
        return liveSize;
    }

    List<Atom> atoms() {
        return atoms;
    }

    void force() {
        atoms.forEach(Atom::force);
        List<Change.OfInode> settled = new ArrayList<>();
        int done = 0;
        while (done < atoms.size() && atoms.get(done).durable()) {
            Change change = atoms.get(done++).change;
            if (change instanceof Change.Attribute attribute) {
                attributes.put(attribute.name(), attribute.value());
            } else {
                settled.add((Change.OfInode) change);
            }
        }
        atoms.subList(0, done).clear();
        if (!settled.isEmpty()) {
            durable = durable.with(settled);
        }
        forget();
    }

    void abandon() {
        atoms.forEach(Atom::abandon);
    }

    Content content(Predicate<Atom> kept) {
        BitSet mask = new BitSet(atoms.size());
        List<Change.OfInode> changes = new ArrayList<>();
        for (int i = 0; i < atoms.size(); i++) {
            if (!(atoms.get(i).change instanceof Change.Attribute) && kept.test(atoms.get(i))) {
                mask.set(i);
                changes.add((Change.OfInode) atoms.get(i).change);
            }
        }
        if (changes.isEmpty()) {
            return durable;
        }
        Content known = built.get(mask);
        if (known == null) {
            known = durable.with(changes);
            cachedBytes += known.bytes().length;
            if (cachedBytes > MOST_CACHED_BYTES) {
                forget();
            }
            built.put(mask, known);
        }
        return known;
    }

    Map<String, Object> attributes(Predicate<Atom> kept) {
        Map<String, Object> result = new TreeMap<>(attributes);
        for (Atom atom : atoms) {
            if (atom.change instanceof Change.Attribute attribute && kept.test(atom)) {
                result.put(attribute.name(), attribute.value());
            }
        }
        return result;
    }

    private void forget() {
        built.clear();
        cachedBytes = 0;
    }
}
