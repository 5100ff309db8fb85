package dev.cairn.backup.testkit.crash;

/**
 * Which of the possible states are looked at. Whatever is chosen, these are always among them at each point: everything undecided lost,
 * everything present, each change of names alone lost and alone present, each file's bytes or size alone lost or alone present, and every
 * state in which the changes up to some moment are there and later ones are not (up to 64 of each sort). Immutable; the same sampling
 * over the same log gives the same states.
 */
public final class CrashSampling {

    /** Two to this power is already more states for each point than a test can look at. */
    static final int MOST_ATOMS = 20;

    static final int ALL_POINTS = -1;

    private final int exhaustiveAtoms;
    private final long seed;
    private final int perPoint;
    private final int onlyPoint;

    private CrashSampling(int exhaustiveAtoms, long seed, int perPoint, int onlyPoint) {
        this.exhaustiveAtoms = exhaustiveAtoms;
        this.seed = seed;
        this.perPoint = perPoint;
        this.onlyPoint = onlyPoint;
    }

    /**
     * Every state at points where at most {@code atoms} changes are undecided, a change being one name, one size or one block of bytes;
     * elsewhere 64 random ones.
     *
     * @param atoms 0 to 20; there are 2 to this power states
     */
    public static CrashSampling exhaustiveUpTo(int atoms) {
        if (atoms < 0 || atoms > MOST_ATOMS) {
            throw new IllegalArgumentException("atoms is " + atoms + ", allowed is 0 to " + MOST_ATOMS);
        }
        return new CrashSampling(atoms, 0, 64, ALL_POINTS);
    }

    /**
     * Random states.
     *
     * @param seed makes them the same again
     * @param perPoint how many at each point, beside those that are always looked at; 0 or more
     */
    public static CrashSampling random(long seed, int perPoint) {
        if (perPoint < 0) {
            throw new IllegalArgumentException("perPoint is " + perPoint + ", allowed is 0 or more");
        }
        return new CrashSampling(0, seed, perPoint, ALL_POINTS);
    }

    /** The same states, of one point only: to look again at a failure. */
    public CrashSampling atPoint(int point) {
        return new CrashSampling(exhaustiveAtoms, seed, perPoint, point);
    }

    boolean includes(int point) {
        return onlyPoint == ALL_POINTS || onlyPoint == point;
    }

    int exhaustiveAtoms() {
        return exhaustiveAtoms;
    }

    long seed() {
        return seed;
    }

    int perPoint() {
        return perPoint;
    }

    @Override
    public String toString() {
        return exhaustiveAtoms > 0
                ? "exhaustiveUpTo(" + exhaustiveAtoms + ")"
                : "random(" + seed + ", " + perPoint + ")";
    }
}
