/**
 * Contract tests for whoever implements a dataset, a store or a repository, with the doubles that such tests need: stores in memory and
 * with faults, clocks, and a file system that knows what a power cut may leave behind. For test scope only.
 */
@org.jspecify.annotations.NullMarked
module dev.cairn.backup.testkit {
    requires transitive dev.cairn.backup;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.cairn.backup.testkit;
    exports dev.cairn.backup.testkit.crash;

    // JUnit calls the contract tests by reflection.
    opens dev.cairn.backup.testkit;
}
