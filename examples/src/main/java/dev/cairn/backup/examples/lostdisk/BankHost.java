package dev.cairn.backup.examples.lostdisk;

import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.SnapshotManager;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The bank in a process of its own, under load until it is killed. Prints each transfer once it is committed, so that the world knows what was promised. */
final class BankHost {

    static final String PROTECTED = "PROTECTED";
    static final String COMMITTED = "COMMITTED";

    /** Transfers a second. */
    static final int RATE = 500;

    private BankHost() {}

    /** @param args the machine's disk and the vault */
    public static void main(String[] args) throws Exception {
        BankPlace place = new BankPlace(Path.of(args[0]), Path.of(args[1]));
        Bank bank = new Bank(place.database());
        bank.open();
        try (SnapshotManager backups = new BankBackups(place).configured(bank).open()) {
            load(bank, backups);
        }
    }

    private static void load(Bank bank, SnapshotManager backups) throws Exception {
        long next = System.nanoTime();
        boolean told = false;
        while (true) {
            System.out.println(
                    COMMITTED + " " + bank.transfer() + " " + Instant.now().toEpochMilli());
            if (!told && isProtected(backups)) {
                told = true;
                System.out.println(PROTECTED);
            }
            next += 1_000_000_000L / RATE;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private static boolean isProtected(SnapshotManager backups) {
        return backups.health().protection().stream()
                .allMatch(status -> status.state() == ProtectionStatus.State.PROTECTED);
    }
}
