package dev.cairn.backup.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** A host with files, a database and a value in memory, all of which say one word; {@code cairn} is run when it is down. */
public final class Premises {

    private final Shop shop;
    private OptionalLong version = OptionalLong.empty();
    private String memory = "as loaded";

    private Premises(Shop shop) {
        this.shop = shop;
    }

    /** A new host in a folder, with a repository of that type and without snapshots. */
    public static Premises in(Path folder, String type) throws IOException {
        Premises premises = new Premises(Shop.in(folder));
        Files.createDirectories(folder.resolve("db"));
        premises.shop.configuration(configuration(type, "1h"));
        premises.shop.write("strict.json", configuration(type, "1s").replace("\"1s\"", "\"PT0.001S\""));
        premises.say("nothing");
        premises.shop.run("init").ended(ExitCode.DONE);
        return premises;
    }

    private static String configuration(String type, String maxAge) {
        String keys = type.equals("packed") ? "\"keys\": [{\"file\": \"backup.key\"}]," : "";
        return """
                {"repository": {"type": "%s", "path": "backups"}, "state": "state", %s "maxAge": "%s", "audit": "audit",
                 "datasets": [{"name": "data", "type": "files", "path": "data", "consistency": "immutable"},
                              {"name": "db", "type": "sqlite", "path": "db/shop.db"},
                              {"name": "gateway", "type": "host"}]}
                """.formatted(type, keys, maxAge);
    }

    /** The folder, and what runs {@code cairn} in it. */
    public Shop shop() {
        return shop;
    }

    /** The host gives this version from now on. */
    public Premises version(long value) {
        version = OptionalLong.of(value);
        return this;
    }

    /** Everything says the word; one file is there for this word only. */
    public Premises say(String word) throws IOException {
        shop.write("data/word", word);
        Files.createDirectories(shop.path("data/folder"));
        shop.write("data/folder/only-" + word, word);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("create table if not exists said(word text)");
            statement.executeUpdate("delete from said");
            statement.executeUpdate("insert into said values('" + word + "')");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        memory = word;
        return this;
    }

    /** What the disk says: one word, or how it is mixed. */
    public String told() throws IOException {
        String file = Files.readString(shop.path("data/word"));
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet said = statement.executeQuery("select word from said")) {
            String row = said.getString(1);
            boolean own = Files.exists(shop.path("data/folder/only-" + file));
            return file.equals(row) && own ? file : "file " + file + (own ? "" : " without its own") + ", row " + row;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** What the host's memory says. */
    public String memory() {
        return memory;
    }

    /** A connection to the live database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + shop.path("db/shop.db"));
    }

    /** The host itself starts on the same repository. */
    public SnapshotManager start() {
        CairnBuilder builder = Configuration.read(shop.path("cairn-backup.json"))
                .builder()
                .dataset(StateDataset.of(
                        "gateway",
                        JsonCodec.of(new ObjectMapper(), String.class),
                        () -> memory,
                        value -> memory = value));
        version.ifPresent(value -> builder.projectionVersion(() -> value));
        return builder.open();
    }

    /** The host says the word and takes a snapshot. */
    public SnapshotId snapshot(String word) throws IOException {
        say(word);
        try (SnapshotManager host = start()) {
            return host.create(SnapshotRequest.of()).metadata().id();
        }
    }
}
