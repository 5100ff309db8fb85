package dev.cairn.backup.testkit.crash;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Chooses which of the undecided changes a state has. Pure. */
final class AtomChoices {

    /** Bounds the states of each sort that are always looked at; the newest changes come first. */
    private static final int MOST_GROUPS = 64;

    private final List<Atom> atoms;
    private final Set<BitSet> choices = new LinkedHashSet<>();

    private AtomChoices(List<Atom> atoms) {
        this.atoms = atoms;
    }

    /** Masks over {@code atoms}, each once. */
    static Collection<BitSet> of(List<Atom> atoms, CrashSampling sampling, int point) {
        AtomChoices all = new AtomChoices(atoms);
        if (atoms.size() <= sampling.exhaustiveAtoms()) {
            all.everything();
        } else {
            all.extremes();
            all.random(new SplittableRandom(sampling.seed() ^ (point * 0x9E3779B97F4A7C15L)), sampling.perPoint());
        }
        return all.choices;
    }

    private void everything() {
        for (long mask = 0; mask < 1L << atoms.size(); mask++) {
            choices.add(BitSet.valueOf(new long[] {mask}));
        }
    }

    private void extremes() {
        int size = atoms.size();
        add(new BitSet());
        add(all());
        if (size > 0) {
            add(only(List.of(size - 1)));
            add(without(List.of(size - 1)));
        }
        List<List<Integer>> groups = groups();
        for (List<Integer> group : groups.subList(Math.max(0, groups.size() - MOST_GROUPS), groups.size())) {
            add(only(group));
            add(without(group));
        }
        int step = Math.max(1, size / MOST_GROUPS);
        for (int end = step; end < size; end += step) {
            BitSet prefix = new BitSet();
            prefix.set(0, end);
            add(prefix);
        }
    }

    /** Each change of names for itself; of each inode its bytes, its sizes, its attributes. */
    private List<List<Integer>> groups() {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < atoms.size(); i++) {
            Change change = atoms.get(i).change;
            String key =
                    change instanceof Change.OfInode of ? change.getClass().getSimpleName() + of.inode() : "name" + i;
            groups.computeIfAbsent(key, none -> new ArrayList<>()).add(i);
        }
        return List.copyOf(groups.values());
    }

    private void random(SplittableRandom random, int count) {
        double[] odds = {0.5, 0.15, 0.85};
        List<List<Integer>> groups = groups();
        for (int i = 0; i < count; i++) {
            BitSet mask = new BitSet();
            double likely = odds[i % odds.length];
            for (List<Integer> group : groups) {
                choose(group, likely, random, mask);
            }
            add(mask);
        }
    }

    private static void choose(List<Integer> group, double likely, SplittableRandom random, BitSet mask) {
        switch (group.size() == 1 ? 0 : random.nextInt(4)) {
            case 0 -> {
                if (random.nextDouble() < likely) {
                    group.forEach(mask::set);
                }
            }
            case 1 -> group.subList(0, random.nextInt(group.size() + 1)).forEach(mask::set);
            case 2 -> {
                // One run of blocks is missing in the middle, as when one extent was not written back.
                int from = random.nextInt(group.size());
                int to = from + random.nextInt(group.size() - from + 1);
                group.subList(0, from).forEach(mask::set);
                group.subList(to, group.size()).forEach(mask::set);
            }
            default ->
                group.forEach(atom -> {
                    if (random.nextDouble() < likely) {
                        mask.set(atom);
                    }
                });
        }
    }

    private void add(BitSet mask) {
        choices.add(mask);
    }

    private BitSet all() {
        BitSet mask = new BitSet();
        mask.set(0, atoms.size());
        return mask;
    }

    private static BitSet only(List<Integer> group) {
        BitSet mask = new BitSet();
        group.forEach(mask::set);
        return mask;
    }

    private BitSet without(List<Integer> group) {
        BitSet mask = all();
        group.forEach(mask::clear);
        return mask;
    }
}
