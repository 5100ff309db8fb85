package dev.cairn.backup.core.verify;

/** How fast a verification may go. For the one thread that reads. */
public interface Pace {

    /** As fast as it can. */
    Pace FULL = new Pace() {
        @Override
        public boolean goesOn() {
            return true;
        }

        @Override
        public void rest() {
            // Nobody else is waited for.
        }
    };

    /** Asked before each entry: whether another may be begun. May rest first. */
    boolean goesOn();

    /**
     * Called between the pieces of a content: lets others work first.
     *
     * @throws dev.cairn.backup.BackupCancelledException if the reading is to end at once
     */
    void rest();
}
