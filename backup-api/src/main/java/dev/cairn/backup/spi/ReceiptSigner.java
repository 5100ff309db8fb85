package dev.cairn.backup.spi;

import dev.cairn.backup.Receipt;

/**
 * Signs receipts. Thread-safe. Implementations for Ed25519 and HMAC-SHA-256 come with the engine; a host whose key never leaves a key management service or a hardware token implements it.
 * Neither {@code toString} nor a message ever shows a secret.
 */
public interface ReceiptSigner {

    /** Which key it signs with, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; verification finds the key by it. */
    String keyId();

    /** How it signs. */
    Receipt.Algorithm algorithm();

    /**
     * Signs a message.
     *
     * @return 64 bytes for Ed25519, 32 for HMAC-SHA-256
     * @throws dev.cairn.backup.KeyException if the key cannot be used; nothing was signed
     */
    byte[] sign(byte[] message);
}
