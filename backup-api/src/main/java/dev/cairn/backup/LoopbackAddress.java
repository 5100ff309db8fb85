package dev.cairn.backup;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an address is one of this machine's own: 127.0.0.0/8, {@code ::1} or ::ffff:127.0.0.0/104. Asks no name service: what is no address in numbers is none of them. Give it what the
 * socket says of the other end; what a header says, anybody can have written.
 *
 * <p>IPv4 is read as four decimal numbers without leading zeros, because {@code 0177.0.0.1}, {@code 2130706433} or {@code 127.1} mean different things to different readers (RFC 6943, section 3.1.1).
 * IPv6 is read as RFC 4291, section 2.2 tells, with or without a zone. Ports, brackets and spaces belong to no address.
 */
public final class LoopbackAddress {

    private static final int LONGEST = 45 + 1 + 32; // An address with IPv4 at its end, and a zone.
    private static final int GROUPS = 8;

    private LoopbackAddress() {}

    /** Whether the text is such an address. */
    public static boolean isLoopback(String address) {
        if (address.length() > LONGEST) {
            return false;
        }
        if (address.indexOf(':') < 0) {
            byte[] four = ipv4(address);
            return four != null && four[0] == 127;
        }
        int zone = address.indexOf('%');
        if (zone >= 0 && !address.substring(zone + 1).matches("[A-Za-z0-9._-]{1,32}")) {
            return false;
        }
        int[] groups = ipv6(zone < 0 ? address : address.substring(0, zone));
        return groups != null && isLoopback(groups);
    }

    /** Whether the address is one. */
    public static boolean isLoopback(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return bytes[0] == 127;
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        return isLoopback(groups);
    }

    private static boolean isLoopback(int[] groups) {
        int zeros = 0;
        while (zeros < GROUPS && groups[zeros] == 0) {
            zeros++;
        }
        return (zeros == 7 && groups[7] == 1) || (zeros == 5 && groups[5] == 0xffff && groups[6] >> 8 == 127);
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}")) {
                return null;
            }
            int value = Integer.parseInt(parts[i]);
            if (value > 255) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static int @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] all = groups(text);
            return all != null && all.length == GROUPS ? all : null;
        }
        int[] before = text.substring(0, gap).contains(".") ? null : groups(text.substring(0, gap));
        int[] after = groups(text.substring(gap + 2));
        if (before == null || after == null || before.length + after.length >= GROUPS) {
            return null;
        }
        int[] all = Arrays.copyOf(before, GROUPS);
        System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
        return all;
    }

    /** The groups of a part without a gap, the last of which may be two in the form of IPv4; null if it is none. */
    private static int @Nullable [] groups(String part) {
        if (part.isEmpty()) {
            return new int[0];
        }
        String[] texts = part.split(":", -1);
        byte[] four = part.contains(".") ? ipv4(texts[texts.length - 1]) : null;
        if (part.contains(".") && four == null) {
            return null;
        }
        int plain = four == null ? texts.length : texts.length - 1;
        int[] groups = new int[four == null ? plain : plain + 2];
        for (int i = 0; i < plain; i++) {
            if (!texts[i].matches("[0-9A-Fa-f]{1,4}")) {
                return null;
            }
            groups[i] = Integer.parseInt(texts[i], 16);
        }
        if (four != null) {
            groups[plain] = (four[0] & 0xff) << 8 | four[1] & 0xff;
            groups[plain + 1] = (four[2] & 0xff) << 8 | four[3] & 0xff;
        }
        return groups;
    }
}
