package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.0",
                "127.1.2.3",
                "127.255.255.255",
                "::1",
                "0:0:0:0:0:0:0:1",
                "0000:0000:0000:0000:0000:0000:0000:0001",
                "0::1",
                "::0:1",
                "::0.0.0.1",
                "::1%lo",
                "0:0:0:0:0:0:0:1%0",
                "::ffff:127.0.0.1",
                "::FFFF:127.255.255.255",
                "0:0:0:0:0:ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::ffff:7fff:ffff"
            })
    void anAddressOfThisMachineIsOne(String address) {
        assertTrue(LoopbackAddress.isLoopback(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "126.255.255.255",
                "128.0.0.0",
                "10.127.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::2",
                "1::",
                "1::1",
                "0:0:0:0:0:0:1:1",
                "fe80::1",
                "fe80::1%lo",
                "::ffff:126.255.255.255",
                "::ffff:128.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:8000:1",
                "::ffff:0:127.0.0.1",
                "::127.0.0.1",
                "::7f00:1",
                "64:ff9b::127.0.0.1",
                "2002:7f00:1::",
                "::fffe:127.0.0.1",
                "1::ffff:127.0.0.1",
                "localhost",
                "LOCALHOST",
                "localhost.localdomain",
                "ip6-localhost",
                "127.0.0.1.example.org",
                "127.example.org",
                "127.0.0.1.",
                ".127.0.0.1",
                "127.0.0",
                "127.1",
                "127",
                "127.0.0.1.1",
                "127..0.1",
                "127.0.0.256",
                "127.0.0.1000",
                "127.0.0.-1",
                "127.0.0.+1",
                "127.0.0.01",
                "0177.0.0.1",
                "0127.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "017700000001",
                " 127.0.0.1",
                "127.0.0.1 ",
                "127.0.0.1\n",
                "127.0.0.1\r\nX-Forwarded-For: 1.2.3.4",
                "127.0.0.1\u0000",
                "127.0.0.1, 10.0.0.7",
                "10.0.0.7, 127.0.0.1",
                "127.0.0.1:8080",
                "127.0.0.1/8",
                "127.0.0.1%lo",
                "/127.0.0.1",
                "localhost/127.0.0.1",
                "[::1]",
                "[::1]:8080",
                "::1:",
                ":::1",
                ":1",
                "1:",
                ":",
                "::1::",
                "::0::1",
                "0:0:0:0:0:0:0:0:1",
                "0:0:0:0:0:0:1",
                "0:0:0:0:0:0:0::1:1",
                "::00001",
                "::g",
                "::+1",
                "::-1",
                "::1%",
                "::1%lo;x",
                "::1%%",
                "::ffff:127.0.0.1:1",
                "::127.0.0.1:ffff:1",
                "127.0.0.1::",
                "::ffff:127.0.1",
                "::ffff:0127.0.0.1",
                "\uFF11\uFF12\uFF17.0.0.1",
                "\u0661\u0662\u0667.0.0.1",
                "127\u30020\u30020\u30021",
                "::\uFF11"
            })
    void whateverElseIsNone(String address) {
        assertFalse(LoopbackAddress.isLoopback(address));
    }

    @Test
    void aTextOfAMegabyteIsNoneAtOnce() {
        assertFalse(LoopbackAddress.isLoopback("0:".repeat(1 << 19) + ":1"));
        assertFalse(LoopbackAddress.isLoopback("::1%" + "a".repeat(1 << 20)));
    }

    /** What the JDK prints of an address means the same address here. */
    @Property
    void textAndBytesAgreeForIpv4(@ForAll @Size(4) byte[] bytes) throws UnknownHostException {
        agree(InetAddress.getByAddress(bytes));
        agree(InetAddress.getByAddress(new byte[] {127, bytes[1], bytes[2], bytes[3]}));
    }

    @Property
    void textAndBytesAgreeForIpv6(@ForAll @Size(16) byte[] bytes, @ForAll boolean nearlyZero)
            throws UnknownHostException {
        if (nearlyZero) {
            java.util.Arrays.fill(bytes, 0, 15, (byte) 0);
        }
        agree(InetAddress.getByAddress(bytes));
    }

    private static void agree(InetAddress address) {
        assertEquals(address.isLoopbackAddress(), LoopbackAddress.isLoopback(address), address.toString());
        assertEquals(
                address.isLoopbackAddress(), LoopbackAddress.isLoopback(address.getHostAddress()), address.toString());
    }
}
