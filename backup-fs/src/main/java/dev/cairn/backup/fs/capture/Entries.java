package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns nodes into entries and tells further names of a file that came before. For one thread. */
final class Entries {

    /** FAT keeps times to 2 seconds: a younger ctime may stand for two states of the content. */
    private static final Duration UNTRUSTED = Duration.ofSeconds(2);

    private final Instant trusted;
    private final Function<TreeNode, EntryContent> contents;
    private final Map<String, EntryPath> firstNames = new HashMap<>();

    Entries(Instant cut, Function<TreeNode, EntryContent> contents) {
        this.trusted = cut.minus(UNTRUSTED);
        this.contents = contents;
    }

    Entry of(TreeNode node) {
        FileState state = node.state();
        EntryPath path = node.path();
        String key = state.isFile() ? state.key() : null;
        EntryAttributes attributes = attributes(state, key);
        String target = node.linkTarget();
        if (target != null) {
            return Entry.symlink(path, attributes, target);
        }
        if (state.isDirectory()) {
            return Entry.directory(path, attributes);
        }
        if (state.links() > 1 && key != null) {
            EntryPath first = firstNames.putIfAbsent(key, path);
            if (first != null) {
                return Entry.hardLink(path, attributes, first);
            }
        }
        return Entry.file(path, state.size(), attributes, contents.apply(node));
    }

    private EntryAttributes attributes(FileState state, @Nullable String key) {
        return new EntryAttributes(
                Optional.of(state.modified()),
                state.mode() < 0 ? OptionalInt.empty() : OptionalInt.of(state.mode()),
                Optional.ofNullable(state.owner()),
                Optional.ofNullable(state.group()),
                Optional.ofNullable(identity(state, key)));
    }

    private EntryAttributes.@Nullable Identity identity(FileState state, @Nullable String key) {
        Instant changed = state.changed();
        return changed == null || key == null || changed.isAfter(trusted)
                ? null
                : new EntryAttributes.Identity(changed, key);
    }
}
