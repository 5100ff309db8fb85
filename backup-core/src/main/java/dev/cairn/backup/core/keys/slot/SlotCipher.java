package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.crypto.Hkdf;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.spi.KeyProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Wraps the repository's secrets for a holder, and unwraps them. */
final class SlotCipher {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SLOT = "cairn 1 slot".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VAULT = "cairn 1 vault".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY = 32;

    private SlotCipher() {}

    /**
     * A new slot, tried before it is returned.
     *
     * @throws KeyException if the holder has no key, can make none, or does not unwrap what it wrapped
     */
    static SlotFile wrap(byte[] repositoryId, RepositorySecrets secrets, KeyProvider holder, String label) {
        Holders.check(holder);
        byte[] id = random(8);
        byte[] salt = random(SlotFile.SALT);
        byte[] context = context(repositoryId, id, secrets.epoch());
        byte[] commitment;
        byte[] wrapped;
        if (holder instanceof KeyProvider.Vault vault) {
            commitment = vaultCommitment(secrets.joined(), salt);
            wrapped = Holders.wrap(vault, secrets.joined(), context);
        } else {
            byte[] secret = Holders.findOrCreate((KeyProvider.Secret) holder);
            byte[] okm = Hkdf.derive(joined(secret, salt), context, KEY + SlotFile.COMMITMENT);
            commitment = Arrays.copyOfRange(okm, KEY, okm.length);
            try {
                wrapped = gcm(Cipher.ENCRYPT_MODE, okm).doFinal(secrets.joined());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the secrets could not be encrypted", e);
            }
        }
        SlotFile slot = new SlotFile(
                HexFormat.of().formatHex(id),
                HexFormat.of().formatHex(repositoryId),
                secrets.epoch(),
                holder.type(),
                label,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                salt,
                commitment,
                wrapped);
        requireOpens(slot, secrets, holder);
        return slot;
    }

    private static void requireOpens(SlotFile slot, RepositorySecrets secrets, KeyProvider holder) {
        Optional<RepositorySecrets> again = holder instanceof KeyProvider.Vault vault
                ? unwrap(slot, vault)
                : unwrap(slot, Holders.find((KeyProvider.Secret) holder));
        if (again.isEmpty() || !MessageDigest.isEqual(again.get().joined(), secrets.joined())) {
            throw new KeyException(
                    Reason.UNAVAILABLE,
                    holder.describe() + " does not open what it has just locked",
                    "Mend the holder of the key; nothing was stored",
                    null);
        }
    }

    /**
     * The secrets, or empty if the secret is not that of the slot.
     *
     * @throws KeyException {@code SLOT_DAMAGED} if it is, and what it should open is damaged
     */
    static Optional<RepositorySecrets> unwrap(SlotFile slot, byte[] secret) {
        byte[] okm = Hkdf.derive(joined(secret, slot.salt()), context(slot), KEY + SlotFile.COMMITMENT);
        if (!MessageDigest.isEqual(Arrays.copyOfRange(okm, KEY, okm.length), slot.commitment())) {
            return Optional.empty();
        }
        try {
            byte[] joined = gcm(Cipher.DECRYPT_MODE, okm).doFinal(slot.wrapped());
            if (joined.length != 2 * RepositorySecrets.BYTES) {
                throw damaged(slot, null);
            }
            return Optional.of(RepositorySecrets.of(slot.epoch(), joined));
        } catch (AEADBadTagException e) {
            throw damaged(slot, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secrets could not be decrypted", e);
        }
    }

    /** The secrets, or empty if the vault gave others. */
    static Optional<RepositorySecrets> unwrap(SlotFile slot, KeyProvider.Vault vault) {
        byte[] joined = Holders.unwrap(vault, slot.wrapped(), context(slot));
        return joined.length == 2 * RepositorySecrets.BYTES
                        && MessageDigest.isEqual(vaultCommitment(joined, slot.salt()), slot.commitment())
                ? Optional.of(RepositorySecrets.of(slot.epoch(), joined))
                : Optional.empty();
    }

    private static KeyException damaged(SlotFile slot, @Nullable Throwable cause) {
        return new KeyException(
                Reason.SLOT_DAMAGED,
                "The key fits slot " + slot.slot() + ", but what the slot wraps is damaged",
                "Open the repository with another key, then remove the slot and add its key again",
                cause);
    }

    private static Cipher gcm(int mode, byte[] okm) throws GeneralSecurityException {
        Cipher cipher = Algorithms.aesGcm();
        // One key wraps once: each slot has a salt of its own, so a nonce of zeros is never used twice.
        cipher.init(mode, new SecretKeySpec(okm, 0, KEY, "AES"), new GCMParameterSpec(128, new byte[12]));
        return cipher;
    }

    private static byte[] vaultCommitment(byte[] secrets, byte[] salt) {
        return Hkdf.derive(joined(secrets, salt), VAULT, SlotFile.COMMITMENT);
    }

    private static byte[] context(SlotFile slot) {
        return context(HexFormat.of().parseHex(slot.repository()), slot.slotBytes(), slot.epoch());
    }

    private static byte[] context(byte[] repositoryId, byte[] slot, int epoch) {
        return ByteBuffer.allocate(SLOT.length + repositoryId.length + slot.length + 4)
                .put(SLOT)
                .put(repositoryId)
                .put(slot)
                .putInt(epoch)
                .array();
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
