package dev.cairn.backup;

/**
 * A named, recurring snapshot with datasets and a retention of its own.
 *
 * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; unique in a manager
 * @param when when it runs
 * @param datasets what it takes
 * @param retention which of its snapshots are kept; applied after each of its runs
 */
public record Schedule(String name, Recurrence when, DatasetSelection datasets, Retention retention) {

    /** @throws InvalidValueException if the name is not allowed */
    public Schedule {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new InvalidValueException("schedule name", name, "1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }
}
