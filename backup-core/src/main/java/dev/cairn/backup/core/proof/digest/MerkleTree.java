package dev.cairn.backup.core.proof.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The Merkle tree hash of RFC 6962, section 2.1, over leaves that are handed in one after the other: SHA-256, leaves prefixed with {@code 0x00} and nodes with {@code 0x01}, so that no leaf
 * passes for a node; the hash of no leaves is that of no bytes. Keeps one hash a level. Not thread-safe.
 */
public final class MerkleTree {

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha256 = sha256();
    /** Whole subtrees from left to right, each smaller than the one before it. */
    private final Deque<byte[]> subtrees = new ArrayDeque<>();

    private long leaves;

    /** A tree without leaves. */
    public MerkleTree() {}

    /** Adds a leaf behind the others. */
    public MerkleTree add(byte[] leaf) {
        sha256.update(LEAF);
        subtrees.addLast(sha256.digest(leaf));
        leaves++;
        // Two subtrees of one size become one, as a carry does in binary counting: after n leaves as many are left as n
        // has ones.
        for (long rest = leaves; (rest & 1) == 0; rest >>= 1) {
            byte[] right = subtrees.removeLast();
            subtrees.addLast(node(subtrees.removeLast(), right));
        }
        return this;
    }

    /** The hash of the leaves so far, 32 bytes. More may be added afterwards. */
    public byte[] root() {
        if (subtrees.isEmpty()) {
            return sha256.digest();
        }
        Deque<byte[]> left = new ArrayDeque<>(subtrees);
        byte[] hash = left.removeLast();
        while (!left.isEmpty()) {
            hash = node(left.removeLast(), hash);
        }
        return hash;
    }

    private byte[] node(byte[] left, byte[] right) {
        sha256.update(NODE);
        sha256.update(left);
        return sha256.digest(right);
    }

    /** A new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
