package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryAttributes.Identity;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class UnchangedRuleTest {

    private static final Instant MODIFIED = Instant.ofEpochSecond(1_000, 7);
    private static final Instant CHANGED = Instant.ofEpochSecond(2_000, 8);
    private static final Instant LATER = CHANGED.plusSeconds(60);
    private static final EntryPath PATH = EntryPath.of("f");
    private static final ListedEntry BEFORE = listed(5, attributes(MODIFIED, new Identity(CHANGED, "1:2")));

    @Test
    void theSameFileIsUnchangedWhateverItsModeAndOwner() {
        assertTrue(unchanged(5, attributes(MODIFIED, new Identity(CHANGED, "1:2")), LATER));
        EntryAttributes other = new EntryAttributes(
                Optional.of(MODIFIED),
                OptionalInt.of(0600),
                Optional.of("me"),
                Optional.empty(),
                Optional.of(new Identity(CHANGED, "1:2")));
        assertTrue(unchanged(5, other, LATER));
    }

    @Test
    void anyDifferenceIsAChange() {
        assertFalse(unchanged(6, attributes(MODIFIED, new Identity(CHANGED, "1:2")), LATER));
        assertFalse(unchanged(5, attributes(MODIFIED.plusNanos(1), new Identity(CHANGED, "1:2")), LATER));
        assertFalse(unchanged(5, attributes(MODIFIED, new Identity(CHANGED.plusNanos(1), "1:2")), LATER));
        assertFalse(unchanged(5, attributes(MODIFIED, new Identity(CHANGED, "1:3")), LATER));
    }

    @Test
    void whatIsMissingIsNotTakenForEqual() {
        EntryAttributes noTime = attributes(null, new Identity(CHANGED, "1:2"));
        EntryAttributes noIdentity = attributes(MODIFIED, null);
        for (EntryAttributes missing : List.of(noTime, noIdentity, EntryAttributes.NONE)) {
            assertFalse(unchanged(5, missing, LATER));
            assertFalse(UnchangedRule.unchanged(file(5, missing), listed(5, missing), LATER));
            assertFalse(UnchangedRule.unchanged(file(5, BEFORE.attributes()), listed(5, missing), LATER));
        }
    }

    @Test
    void onlyFilesHaveContentThatCanBeUnchanged() {
        Entry link = Entry.symlink(PATH, BEFORE.attributes(), "x");
        ListedEntry listedLink = ListedEntry.of(link, 0, List.of(), null);
        ListedEntry empty = listed(0, BEFORE.attributes());
        assertFalse(UnchangedRule.unchanged(link, listedLink, LATER));
        assertFalse(UnchangedRule.unchanged(link, empty, LATER));
        assertFalse(UnchangedRule.unchanged(file(0, BEFORE.attributes()), listedLink, LATER));
        assertTrue(UnchangedRule.unchanged(file(0, BEFORE.attributes()), empty, LATER));
    }

    @Test
    void aCtimeWithinTwoSecondsOfTheParentsCutIsNotBelieved() {
        EntryAttributes same = BEFORE.attributes();
        assertTrue(unchanged(5, same, CHANGED.plusSeconds(2).plusNanos(1)));
        assertFalse(unchanged(5, same, CHANGED.plusSeconds(2)));
        assertFalse(unchanged(5, same, CHANGED));
        assertFalse(unchanged(5, same, CHANGED.minusSeconds(3600)));
        assertFalse(unchanged(5, same, Instant.MIN));
        assertTrue(unchanged(5, same, Instant.MAX));
    }

    private static boolean unchanged(long size, EntryAttributes attributes, Instant cut) {
        return UnchangedRule.unchanged(file(size, attributes), BEFORE, cut);
    }

    private static Entry file(long size, EntryAttributes attributes) {
        return Entry.file(PATH, size, attributes, EntryContent.EMPTY);
    }

    private static ListedEntry listed(int size, EntryAttributes attributes) {
        return ListedEntry.of(file(size, attributes), size, Listed.run(size), null);
    }

    private static EntryAttributes attributes(Instant modified, Identity identity) {
        return new EntryAttributes(
                Optional.ofNullable(modified),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(identity));
    }
}
