package dev.cairn.backup.examples.factory;

import dev.cairn.backup.core.proof.ReceiptSigners;
import dev.cairn.backup.examples.factory.tower.Tower;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A site with a factory and a tower: makes the keys, writes the configuration, and starts the processes with the secrets in their environment, as whoever runs them in earnest does. The secrets are in
 * memory only.
 */
public final class FactorySite {

    private static final int SEED = 32;

    private final FactoryPlace place;
    private final Path tower;
    private final KeyPair factoryKey;
    private final KeyPair towerKey;
    private final String archiveKey;

    private FactorySite(Path folder) throws GeneralSecurityException {
        this.place = new FactoryPlace(folder.resolve("factory"), folder.resolve("vault"));
        this.tower = folder.resolve("tower");
        KeyPairGenerator keys = KeyPairGenerator.getInstance("Ed25519");
        this.factoryKey = keys.generateKeyPair();
        this.towerKey = keys.generateKeyPair();
        byte[] secret = new byte[SEED];
        new SecureRandom().nextBytes(secret);
        this.archiveKey = HexFormat.of().formatHex(secret);
    }

    /**
     * A new site in a folder.
     *
     * @param leastArchiveBytes the least size of an archive of proofs
     */
    public static FactorySite in(Path folder, long leastArchiveBytes) throws IOException {
        try {
            FactorySite site = new FactorySite(folder);
            site.configure(leastArchiveBytes);
            return site;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    /** Where the factory is. */
    public FactoryPlace place() {
        return place;
    }

    /** The factory's public key, PEM. */
    public String factoryPublicKey() {
        return pem(factoryKey);
    }

    /** The tower's public key, PEM. */
    public String towerPublicKey() {
        return pem(towerKey);
    }

    /** The environment of the factory's processes. */
    public Map<String, String> factoryEnvironment() {
        return Map.of(Secrets.ARCHIVE, archiveKey, Secrets.FACTORY, seed(factoryKey));
    }

    /** The secret of the archives. */
    public String archiveSecret() {
        return archiveKey;
    }

    /** The factory's signature, for who has its secret. */
    public ReceiptSigner factorySigner() {
        return ReceiptSigners.ed25519("factory", supplied(factoryKey));
    }

    /** The tower's signature, for who has its secret. */
    public ReceiptSigner towerSigner() {
        return ReceiptSigners.ed25519("tower", supplied(towerKey));
    }

    private static SigningKey supplied(KeyPair pair) {
        return SigningKey.supplied("the site", () -> seed(pair).getBytes(StandardCharsets.US_ASCII));
    }

    /** All secrets of the site, to look for where they must not be. */
    public List<String> secrets() {
        return List.of(archiveKey, seed(factoryKey), seed(towerKey));
    }

    /** The tower's process. */
    public Started startTower() throws IOException {
        return startTower(0);
    }

    /** The tower's process once more, where it was. */
    public Started startTower(int port) throws IOException {
        return started(ChildJvm.start(
                Tower.class,
                Map.of(
                        Secrets.TOWER, seed(towerKey),
                        Tower.FACTORY_PUBLIC_KEY, factoryPublicKey(),
                        Tower.TOWER_PUBLIC_KEY, towerPublicKey()),
                tower,
                Integer.toString(port)));
    }

    /** The factory's process. @param environment such as {@code staging} */
    public Started startFactory(int towerPort, String environment) throws IOException {
        Map<String, String> variables = new HashMap<>(factoryEnvironment());
        variables.put(FactoryRuntime.ENVIRONMENT, environment);
        return started(ChildJvm.start(
                FactoryHost.class, variables, place.home(), place.vault().toString(), Integer.toString(towerPort)));
    }

    /** The restore while the factory is down. */
    public ChildJvm startRestore(String date, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(place.vault().toString(), date));
        arguments.addAll(Arrays.asList(options));
        return ChildJvm.start(
                FactoryRestore.class, factoryEnvironment(), place.home(), arguments.toArray(String[]::new));
    }

    /**
     * A process that serves.
     *
     * @param child the process
     * @param port where
     */
    public record Started(ChildJvm child, int port) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            child.close();
        }
    }

    private static Started started(ChildJvm child) throws IOException {
        try {
            List<String> lines = child.outputUntil("READY ");
            return new Started(
                    child, Integer.parseInt(lines.get(lines.size() - 1).substring("READY ".length())));
        } catch (IOException e) {
            child.close();
            throw e;
        }
    }

    private void configure(long leastArchiveBytes) throws IOException {
        Files.createDirectories(place.config());
        write(
                "keys.json",
                Map.of(
                        "keys",
                        Map.of(
                                "factory",
                                Map.of(
                                        "algorithm",
                                        "Ed25519",
                                        "publicKey",
                                        factoryPublicKey(),
                                        "secret",
                                        "environment " + Secrets.FACTORY),
                                "tower",
                                Map.of(
                                        "algorithm",
                                        "Ed25519",
                                        "publicKey",
                                        towerPublicKey(),
                                        "secret",
                                        "at the tower"))));
        write(
                "governance.json",
                Map.of(
                        "gates",
                        List.of(
                                "ledger-intact",
                                "proofs-continuous",
                                "receipts-countersigned",
                                "chain-intact",
                                "no-panic")));
        write(
                "alert-rules.json",
                Map.of(
                        "rules",
                        Stream.of("alert_test", "backup")
                                .map(event -> Map.of("event", event, "severity", "critical"))
                                .toList()));
        write("archive.json", Map.of("leastBytes", leastArchiveBytes));
    }

    private void write(String name, Map<String, ?> value) throws IOException {
        Files.writeString(
                place.config().resolve(name), Json.MAPPER.valueToTree(value).toPrettyString());
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** PKCS#8 of Ed25519 ends with the seed (RFC 8410, section 7). */
    private static String seed(KeyPair pair) {
        byte[] der = pair.getPrivate().getEncoded();
        return HexFormat.of().formatHex(der, der.length - SEED, der.length);
    }
}
