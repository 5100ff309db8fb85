package dev.cairn.backup.examples.halo;

/** A family that has just moved in: Ana manages, Ben is a parent, Cleo is a child. */
final class Family {

    static final String MANAGER = "ana";
    static final String PARENT = "ben";
    static final String CHILD = "cleo";

    static final String HOUSEHOLD = """
            {"members":{"ana":"parent","ben":"parent","cleo":"child"},"managers":["ana"],"anyParentMayOperate":false}
            """;

    static final String MESSAGES = """
            {"parent_dm":{"tools":["calendar","shopping","memory"],"blockedWords":[]},
             "child_dm":{"tools":["homework"],"blockedWords":["casino"]}}
            """;

    private Family() {}

    /** Writes its configuration. */
    static void moveIn(HaloHome home) {
        HouseFiles.replace(home.household(), HOUSEHOLD);
        HouseFiles.replace(home.messages(), MESSAGES);
    }
}
