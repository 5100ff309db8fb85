package dev.cairn.backup;

import java.util.List;

/** A dataset cannot be restored to the time or position asked for: it lies in no {@link RestoreWindow}. Nothing was touched. */
public final class RestorePointNotFoundException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** How many windows a message names; the newest ones, because they are mostly meant. */
    private static final int NAMED = 5;

    private final transient List<RestoreWindow> windows;

    /**
     * @param dataset the dataset
     * @param asked the time or position, as it was asked for
     * @param windows those that there are, oldest first
     */
    public RestorePointNotFoundException(String dataset, Object asked, List<RestoreWindow> windows) {
        super(
                "Dataset '" + dataset + "' cannot be restored to " + asked + ": " + tell(windows),
                windows.isEmpty()
                        ? "Restore a snapshot from list(); points need continuous protection and a base"
                        : "Choose a time or position within one of them, or restore a snapshot from list()",
                null,
                null);
        this.windows = List.copyOf(windows);
    }

    private static String tell(List<RestoreWindow> windows) {
        if (windows.isEmpty()) {
            return "it has no window of restorable points";
        }
        StringBuilder told = new StringBuilder("restorable is ");
        int first = Math.max(0, windows.size() - NAMED);
        for (int i = first; i < windows.size(); i++) {
            RestoreWindow window = windows.get(i);
            told.append(i == first ? "" : ", ")
                    .append(window.from())
                    .append(" to ")
                    .append(window.to())
                    .append(" (")
                    .append(window.first())
                    .append(" to ")
                    .append(window.last().transaction())
                    .append(')')
                    .append(window.missing().map(what -> ", where " + what).orElse(""));
        }
        return told + (first == 0 ? "" : ", and " + first + " older");
    }

    /** The windows that there are, oldest first. */
    public List<RestoreWindow> windows() {
        return windows;
    }
}
