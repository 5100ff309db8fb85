package dev.cairn.backup.core.index;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** What the arrays that an index really holds take, found by looking at all fields, so that a new array cannot be forgotten. */
final class ArrayBytes {

    private ArrayBytes() {}

    static long below(ChunkIndex index) {
        long sum = 0;
        for (Run run : index.runs()) {
            sum += ofFields(run);
        }
        return sum;
    }

    private static long ofFields(Object owner) {
        long sum = 0;
        for (Field field : owner.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
                continue;
            }
            try {
                field.setAccessible(true);
                Object value = field.get(owner);
                sum += field.getType().isArray() ? ofArray(value) : ofFields(value);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
        return sum;
    }

    private static long ofArray(Object array) {
        Class<?> type = array.getClass().getComponentType();
        int length = Array.getLength(array);
        if (type == long.class) {
            return 8L * length;
        }
        if (type == int.class) {
            return 4L * length;
        }
        // Pack ids: a reference, a record of 16, a string of 24 and its array of 16 + 64.
        return (4L + 16 + 24 + 16 + 64) * length;
    }
}
