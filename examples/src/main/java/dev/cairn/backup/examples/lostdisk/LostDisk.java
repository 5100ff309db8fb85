package dev.cairn.backup.examples.lostdisk;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A bank under load is killed and its disk is lost; another machine brings it back to the last moment, and to any moment before.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class LostDisk {

    /** How long the bank runs once it is protected. */
    private static final Duration UNDER_LOAD = Duration.ofSeconds(5);

    /** What may be lost at most: the poll interval, and the time that it takes to store what was seen. */
    private static final Duration AT_RISK = Duration.ofSeconds(1);

    private LostDisk() {}

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("LostDisk", LostDisk::play, args));
    }

    /**
     * What the bank promised before it was killed.
     *
     * @param committed the last transfer that it told
     * @param safe the last one that it told a second before that
     * @param middle when it had been under load for half of the time
     * @param toldInTheMiddle the last one that it had told then
     */
    private record Promised(long committed, long safe, Instant middle, long toldInTheMiddle) {}

    private static void play(WorkFolder work, Report report) throws IOException, SQLException, InterruptedException {
        BankPlace first =
                new BankPlace(work.path().resolve("machine-1"), work.path().resolve("vault"));
        new BankBackups(first).settleRecovery();
        Promised promised = loseTheDisk(first, report);
        BankPlace second = new BankPlace(work.path().resolve("machine-2"), first.vault());
        bringBack(second, promised, report);
    }

    private static Promised loseTheDisk(BankPlace place, Report report) throws IOException, InterruptedException {
        report.title("A bank on machine 1: " + BankHost.RATE
                + " transfers a second, its log shipped to the vault as it goes");
        try (ChildJvm bank =
                ChildJvm.start(BankHost.class, place.disk(), place.vault().toString())) {
            bank.outputUntil(BankHost.PROTECTED);
            report.say("protected: there is a base, and every transfer after it is shipped");
            Instant begun = Instant.now();
            Instant enough = begun.plus(UNDER_LOAD);
            List<String> told =
                    new ArrayList<>(bank.outputUntil(line -> Instant.now().isAfter(enough)));
            report.title("kill -9 in the middle of it, and its disk is gone");
            bank.kill();
            Instant death = Instant.now();
            told.addAll(bank.output());
            WorkFolder.deleteTree(place.disk());
            List<Told> transfers = told.stream().flatMap(Told::of).toList();
            Promised promised = new Promised(
                    lastBefore(transfers, death),
                    lastBefore(transfers, death.minus(AT_RISK)),
                    begun.plus(UNDER_LOAD.dividedBy(2)),
                    lastBefore(transfers, begun.plus(UNDER_LOAD.dividedBy(2))));
            report.say("transfer " + promised.committed()
                    + " was the last that it told the world; a second before it was at " + promised.safe());
            return promised;
        }
    }

    private static long lastBefore(List<Told> transfers, Instant when) {
        return transfers.stream()
                .filter(told -> !told.at().isAfter(when))
                .mapToLong(Told::number)
                .max()
                .orElse(0);
    }

    private static void bringBack(BankPlace place, Promised promised, Report report) throws SQLException {
        report.title("Machine 2 has nothing but the vault");
        Bank bank = new Bank(place.database());
        try (SnapshotManager backups = new BankBackups(place).configured(bank).open()) {
            List<RestoreWindow> windows = backups.restoreWindows(BankBackups.BANK);
            windows.forEach(window -> report.say("every transaction can be restored from " + window.from() + " to "
                    + window.to() + ", on " + window.base()));

            report.title("To a moment in the middle: " + promised.middle());
            restore(backups, backups.restorePoint(BankBackups.BANK, promised.middle()), report);
            Bank.Books then = bank.books();
            report.check(then + ": nothing missing in between, no money made or lost", then.areRight());
            report.check(
                    "no transfer after that moment is in it, and none is missing that was told a second before it",
                    then.lastNumber() <= promised.toldInTheMiddle() + BankHost.RATE / 100
                            && then.lastNumber() >= promised.toldInTheMiddle() - BankHost.RATE);

            report.title("To the last moment");
            RestorePoint last = backups.restorePoint(BankBackups.BANK, Instant.now());
            restore(backups, last, report);
            Bank.Books books = bank.books();
            report.check(books + ": nothing missing in between, no money made or lost", books.areRight());
            report.check(
                    "all but the last second came back: " + (promised.committed() - books.lastNumber()) + " of "
                            + promised.committed() + " transfers are lost",
                    books.lastNumber() >= promised.safe());
            goOn(bank, report);
        }
        bank.close();
    }

    private static void restore(SnapshotManager backups, RestorePoint point, Report report) {
        RestorePlan plan = backups.plan(RestoreRequest.of(point));
        report.plan(plan);
        report.check("the verdict permits it", plan.permitsRestore());
        report.restored(backups.restore(plan));
    }

    private static void goOn(Bank bank, Report report) throws SQLException {
        report.title("The bank goes on");
        long before = bank.books().lastNumber();
        for (int i = 0; i < BankHost.RATE; i++) {
            bank.transfer();
        }
        Bank.Books books = bank.books();
        report.check(
                books + " after " + BankHost.RATE + " more",
                books.areRight() && books.lastNumber() == before + BankHost.RATE);
    }

    /**
     * A transfer that the bank told.
     *
     * @param number its number
     * @param at when it was told
     */
    private record Told(long number, Instant at) {

        static Stream<Told> of(String line) {
            String[] words = line.split(" ", -1);
            return words.length == 3 && words[0].equals(BankHost.COMMITTED) && words[2].length() == 13
                    ? Stream.of(new Told(Long.parseLong(words[1]), Instant.ofEpochMilli(Long.parseLong(words[2]))))
                    : Stream.of();
        }
    }
}
