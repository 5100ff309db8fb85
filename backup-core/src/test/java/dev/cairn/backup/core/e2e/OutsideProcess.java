package dev.cairn.backup.core.e2e;

import java.nio.file.Path;

/** Another process with a SQLite of its own, which opens the ledger, writes to it, brings the log to nothing and closes it, again and again. */
final class OutsideProcess {

    private OutsideProcess() {}

    /** Arguments: the database, the era, how often, transactions each time. */
    public static void main(String[] args) throws Exception {
        int era = Integer.parseInt(args[1]);
        int times = Integer.parseInt(args[2]);
        int transactions = Integer.parseInt(args[3]);
        for (int i = 0; i < times; i++) {
            try (Ledger ledger = Ledger.open(Path.of(args[0]))) {
                for (int j = 0; j < transactions; j++) {
                    System.out.println("ACK " + ledger.transact(era).number());
                }
                System.out.println("TRUNCATED " + ledger.checkpoint("TRUNCATE"));
            }
        }
        System.out.println("DONE");
    }
}
