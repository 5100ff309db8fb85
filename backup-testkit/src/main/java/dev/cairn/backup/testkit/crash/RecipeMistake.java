package dev.cairn.backup.testkit.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A mistake that code which writes durably is known to make. {@link CrashFileSystem#asIf} reads what correct code has done as if it had made it, so that
 * a test can prove that it would notice.
 */
public enum RecipeMistake {

    /** Files are never forced. */
    FILES_NOT_FORCED {
        @Override
        List<Operation> applyTo(List<Operation> log, Map<Integer, Node> nodes) {
            return withoutForces(log, nodes, Node.Kind.FILE);
        }
    },

    /** Folders are never forced. */
    FOLDERS_NOT_FORCED {
        @Override
        List<Operation> applyTo(List<Operation> log, Map<Integer, Node> nodes) {
            return withoutForces(log, nodes, Node.Kind.DIRECTORY);
        }
    },

    /** A file is forced only after it was given its final name by a link or a rename, and the name's folder was forced. */
    FILES_FORCED_AFTER_NAMING {
        @Override
        List<Operation> applyTo(List<Operation> log, Map<Integer, Node> nodes) {
            List<Operation> late = new ArrayList<>();
            List<Operation> result = new ArrayList<>();
            for (Operation operation : log) {
                if (operation instanceof Operation.Force force && isA(Node.Kind.FILE, force, nodes)) {
                    late.add(force);
                    continue;
                }
                result.add(operation);
                if (operation instanceof Operation.Force || operation instanceof Operation.Mark) {
                    result.addAll(late);
                    late.clear();
                }
            }
            result.addAll(late);
            return result;
        }
    };

    abstract List<Operation> applyTo(List<Operation> log, Map<Integer, Node> nodes);

    private static List<Operation> withoutForces(List<Operation> log, Map<Integer, Node> nodes, Node.Kind kind) {
        return log.stream()
                .filter(operation -> !(operation instanceof Operation.Force force && isA(kind, force, nodes)))
                .toList();
    }

    private static boolean isA(Node.Kind kind, Operation.Force force, Map<Integer, Node> nodes) {
        Node node = nodes.get(force.inode());
        return node != null && node.kind() == kind;
    }
}
