package dev.cairn.backup.core.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a ledger must hold after each transaction of one history, by applying the effects one after the other in memory. For one thread. */
final class LedgerModel {

    /** @param era whose transactions begin with that number */
    record Beginning(int era, long first) {}

    private final List<Beginning> history;
    private final long[] accounts = new long[LedgerEffect.ACCOUNTS + 1];
    private final TreeMap<Long, String> notes = new TreeMap<>();
    private final List<LedgerState.Sums> after = new ArrayList<>();
    private long weighted;
    private long bodies;
    private long found;

    /** @param history rising */
    LedgerModel(List<Beginning> history) {
        this.history = history;
        for (int i = 1; i < accounts.length; i++) {
            accounts[i] = LedgerEffect.BEGINNING;
            weighted += (long) i * LedgerEffect.BEGINNING;
        }
        after.add(sums());
    }

    /** After that transaction; 0 is the beginning. */
    LedgerState.Sums after(long number) {
        while (after.size() <= number) {
            apply(after.size());
            after.add(sums());
        }
        return after.get((int) number);
    }

    private LedgerState.Sums sums() {
        return new LedgerState.Sums(weighted, notes.size(), bodies, found);
    }

    private void apply(long number) {
        LedgerEffect effect = LedgerEffect.of(era(number), number);
        weighted += (long) effect.amount() * (effect.payee() - effect.payer());
        put(number, effect.body());
        if (notes.containsKey(effect.changed())) {
            put(effect.changed(), effect.body());
        }
        while (!notes.isEmpty() && notes.firstKey() < effect.keptFrom()) {
            remove(notes.firstKey());
        }
    }

    private int era(long number) {
        int era = 0;
        for (Beginning beginning : history) {
            era = beginning.first() <= number ? beginning.era() : era;
        }
        return era;
    }

    private void put(long id, String body) {
        remove(id);
        notes.put(id, body);
        bodies += id * body.length();
        found += body.contains(LedgerEffect.WORD) ? 1 : 0;
    }

    private void remove(long id) {
        String body = notes.remove(id);
        if (body != null) {
            bodies -= id * body.length();
            found -= body.contains(LedgerEffect.WORD) ? 1 : 0;
        }
    }
}
