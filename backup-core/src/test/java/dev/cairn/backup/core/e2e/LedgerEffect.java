package dev.cairn.backup.core.e2e;

import java.util.SplittableRandom;

/**
 * What one transaction of the ledger does. It follows from its era and number alone, so that what any state must hold can be told without having seen it.
 *
 * @param payer the account that pays
 * @param payee the account that is paid
 * @param amount how much
 * @param body of the note that it adds, which has its number
 * @param changed the note that gets the same body, if it is still there
 * @param keptFrom notes before this one are removed
 */
record LedgerEffect(int payer, int payee, int amount, String body, long changed, long keptFrom) {

    static final int ACCOUNTS = 50;
    static final int BEGINNING = 1000;

    /** A word of which the full-text index is asked. */
    static final String WORD = "river";

    private static final String[] WORDS = {WORD, "stone", "bridge", "lantern", "harbour", "winter"};
    private static final int LARGE = 9_000;

    static LedgerEffect of(int era, long number) {
        SplittableRandom random = new SplittableRandom(era * 1_000_000_007L + number);
        StringBuilder body = new StringBuilder();
        int words = 1 + random.nextInt(6);
        for (int i = 0; i < words; i++) {
            body.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        if (number % 40 == 0) { // Some do not fit a page.
            body.append("x".repeat(LARGE));
        }
        return new LedgerEffect(
                1 + random.nextInt(ACCOUNTS),
                1 + random.nextInt(ACCOUNTS),
                random.nextInt(100),
                body.toString(),
                number - 1 - random.nextInt(30),
                // The file grows and, with VACUUM, shrinks.
                number % 100 == 0 ? number - 50 : 0);
    }
}
