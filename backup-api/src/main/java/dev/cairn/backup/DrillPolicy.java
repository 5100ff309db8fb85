package dev.cairn.backup;

/**
 * Drills that run by themselves while the host runs.
 *
 * @param when when; of a fixed distance, the first at once if there was never one, each further one that long after the last, also if the host was restarted meanwhile
 * @param request what is rehearsed; its own {@code control} and cancellation do not count
 * @param controlEvery every how many drills a damaged copy is tried, beginning with the first; 0 for never
 */
public record DrillPolicy(Recurrence when, DrillRequest request, int controlEvery) {

    /** The name under which it is scheduled and audited. */
    public static final String NAME = "drill";

    private static final int CONTROL_EVERY = 5;

    /** @throws InvalidValueException if the number is negative, or the request names a snapshot */
    public DrillPolicy {
        if (controlEvery < 0) {
            throw new InvalidValueException("controlEvery", controlEvery, "0 or more");
        }
        if (request.target().isPresent()) {
            throw new InvalidValueException(
                    "target of a scheduled drill", request.target().get(), "none: DrillRequest.latest()");
        }
    }

    /** With the control at every fifth drill. */
    public static DrillPolicy of(Recurrence when, DrillRequest request) {
        return new DrillPolicy(when, request, CONTROL_EVERY);
    }

    /** With the control at another number of drills. */
    public DrillPolicy controlEvery(int drills) {
        return new DrillPolicy(when, request, drills);
    }
}
