package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.spi.KeyProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tries keys on the slots of a repository. A secret is tried on every slot whose holder has one, whatever its type: 32 bytes that moved from a file to a
 * variable are still the key.
 */
final class SlotOpening {

    /** The failure that is worth most to the operator comes first. */
    private static final List<Reason> WORTH =
            List.of(Reason.SLOT_DAMAGED, Reason.UNAVAILABLE, Reason.MALFORMED, Reason.WRONG, Reason.MISSING);

    private final String repository;
    private final List<StoredSlot> slots;
    private final List<SlotFile> intact;

    SlotOpening(SlotFolder folder) {
        this.repository = folder.repository();
        this.slots = folder.slots();
        if (slots.isEmpty()) {
            throw new DamagedRepositoryException("keys", "has no slot of the repository " + repository, null);
        }
        this.intact = slots.stream()
                .flatMap(slot -> slot instanceof StoredSlot.Intact sound ? Stream.of(sound.file()) : Stream.empty())
                .toList();
    }

    /** What a key opened. */
    record Opened(SlotFile slot, RepositorySecrets secrets) {}

    /** The first holder that opens a slot; if none does, the failure that is worth most, the others suppressed in it. */
    Opened first(List<KeyProvider> holders) {
        if (holders.isEmpty()) {
            throw new ConfigurationException(
                    "The repository " + repository + " was given no key", "Give a key holder, such as a key file");
        }
        List<KeyException> failures = new ArrayList<>();
        for (KeyProvider holder : holders) {
            try {
                return with(holder);
            } catch (KeyException e) {
                failures.add(e);
            }
        }
        failures.sort(Comparator.comparingInt(e -> WORTH.indexOf(e.reason())));
        KeyException worst = failures.get(0);
        failures.stream().skip(1).filter(e -> e != worst).forEach(worst::addSuppressed);
        throw worst;
    }

    private Opened with(KeyProvider holder) {
        Holders.check(holder);
        return holder instanceof KeyProvider.Vault vault
                ? with(vault)
                : with(holder, Holders.find((KeyProvider.Secret) holder));
    }

    private Opened with(KeyProvider holder, byte[] secret) {
        KeyException damage = null;
        for (SlotFile slot : intact) {
            if (Holders.isSecret(slot.type())) {
                try {
                    Optional<RepositorySecrets> secrets = SlotCipher.unwrap(slot, secret);
                    if (secrets.isPresent()) {
                        return new Opened(slot, secrets.get());
                    }
                } catch (KeyException e) {
                    damage = e;
                }
            }
        }
        throw opensNone(holder, damage);
    }

    private Opened with(KeyProvider.Vault vault) {
        KeyException trouble = null;
        for (SlotFile slot : intact) {
            if (slot.type().equals(vault.type())) {
                try {
                    Optional<RepositorySecrets> secrets = SlotCipher.unwrap(slot, vault);
                    if (secrets.isPresent()) {
                        return new Opened(slot, secrets.get());
                    }
                } catch (KeyException e) {
                    trouble = e.reason() == Reason.WRONG ? trouble : e;
                }
            }
        }
        throw opensNone(vault, trouble);
    }

    private KeyException opensNone(KeyProvider holder, @Nullable KeyException trouble) {
        if (trouble != null) {
            return trouble;
        }
        List<String> damaged = slots.stream()
                .filter(slot -> slot instanceof StoredSlot.Damaged bad && bad.mayBe(holder.type()))
                .map(StoredSlot::id)
                .toList();
        if (!damaged.isEmpty()) {
            return new KeyException(
                    Reason.SLOT_DAMAGED,
                    "The key of " + holder.describe() + " opens no slot of the repository " + repository
                            + ", but it may be the right one: damaged is "
                            + damaged.stream().map(id -> "keys/" + id).collect(Collectors.joining(", ")),
                    "Put a copy of the damaged slot back, or open the repository with another key, such as its recovery code",
                    null);
        }
        return new KeyException(
                Reason.WRONG,
                "The key of " + holder.describe() + " opens no slot of the repository " + repository,
                "Give the key of one of its slots: "
                        + intact.stream().map(SlotFile::toString).collect(Collectors.joining(", ")),
                null);
    }
}
