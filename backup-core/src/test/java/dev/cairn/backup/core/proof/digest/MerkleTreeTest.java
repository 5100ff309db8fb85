package dev.cairn.backup.core.proof.digest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    /** The leaves and roots with which implementations of Certificate Transparency are tested. */
    @Test
    void theKnownTreesOfRfc6962HaveTheirRoots() {
        List<String> leaves = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        List<String> roots = List.of(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        MerkleTree tree = new MerkleTree();
        assertEquals(roots.get(0), HexFormat.of().formatHex(tree.root()));
        for (int i = 0; i < leaves.size(); i++) {
            tree.add(HexFormat.of().parseHex(leaves.get(i)));
            assertEquals(roots.get(i + 1), HexFormat.of().formatHex(tree.root()), "of " + (i + 1));
        }
    }

    @Property
    void anyTreeHasTheRootThatTheDefinitionGives(@ForAll @Size(max = 70) List<byte[]> leaves) throws Exception {
        MerkleTree tree = new MerkleTree();
        leaves.forEach(tree::add);
        assertArrayEquals(defined(leaves), tree.root());
    }

    @Property
    void aChangedLeafChangesTheRoot(
            @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @IntRange(max = 1000) int at) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(new byte[] {(byte) i});
        }
        MerkleTree before = new MerkleTree();
        leaves.forEach(before::add);
        leaves.set(at % size, new byte[] {100});
        MerkleTree after = new MerkleTree();
        leaves.forEach(after::add);
        assertFalse(Arrays.equals(before.root(), after.root()));
    }

    /** RFC 6962, section 2.1, word for word. */
    private static byte[] defined(List<byte[]> leaves) throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        if (leaves.isEmpty()) {
            return sha256.digest();
        }
        if (leaves.size() == 1) {
            sha256.update((byte) 0);
            return sha256.digest(leaves.get(0));
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        sha256.update((byte) 1);
        sha256.update(defined(leaves.subList(0, k)));
        return sha256.digest(defined(leaves.subList(k, leaves.size())));
    }
}
