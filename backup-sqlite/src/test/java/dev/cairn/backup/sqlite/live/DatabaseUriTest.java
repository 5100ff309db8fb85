package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.DriverManager;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DatabaseUriTest {

    @Property(tries = 200)
    void aUriReadsBackAsThePath(@ForAll("paths") String path) throws Exception {
        Path file = Paths.get(path).toAbsolutePath();
        assertEquals(file.toString(), URI.create(Connections.uri(file)).getPath());
    }

    @Property(tries = 100)
    void theDriverOpensExactlyThatFile(@ForAll("paths") String path) throws Exception {
        String uri = Connections.uri(Paths.get("/nowhere-at-all" + path));
        var refused = assertThrows(
                java.sql.SQLException.class, () -> DriverManager.getConnection("jdbc:sqlite:" + uri + "?mode=ro"));
        assertEquals(SqliteFailure.DENIED, SqliteFailure.of(refused), "not opened as a file elsewhere or in memory");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars("äß?#%&+;=:'\"\\数")
                .ofMinLength(1)
                .ofMaxLength(40)
                .map(name -> "/" + name);
    }
}
