package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.examples.agtmux.source.SourceEvent;
import dev.cairn.backup.examples.agtmux.source.SourceView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that are derived from events. Keys carry the source's name, so that each source's rows can be told apart and discarded.
 *
 * @param database where they are
 */
record StateRows(StateDatabase database) {

    void apply(String source, SourceEvent event) {
        String key = source + "/" + event.key();
        switch (event.kind()) {
            case SESSION ->
                database.run(
                        "INSERT OR REPLACE INTO session_state_v2 VALUES(?, ?, ?, ?)", key, source, event.text(), 0);
            case PANE -> {
                long changes = 1 + database.number("SELECT changes FROM pane_state_v2 WHERE pane_instance_id = ?", key);
                pane(source, key, new SourceView.Pane(event.session(), event.text(), changes));
            }
            case BIND -> bind(source, key, event.at().toEpochMilli(), event.session());
            case CLOSE -> {
                database.run("DELETE FROM pane_state_v2 WHERE pane_instance_id = ?", key);
                database.run("DELETE FROM binding_link_v2 WHERE pane_instance_id = ?", key);
            }
        }
    }

    private void pane(String source, String key, SourceView.Pane pane) {
        database.run(
                "INSERT OR REPLACE INTO pane_state_v2 VALUES(?, ?, ?, ?, ?, ?)",
                key,
                source,
                pane.session(),
                pane.state(),
                Integer.toHexString((key + pane.state()).hashCode()),
                pane.changes());
    }

    private void bind(String source, String key, long at, String session) {
        database.run("INSERT OR REPLACE INTO binding_link_v2 VALUES(?, ?, ?, ?)", key, at, source, session);
    }

    /** Discards what was derived from a source; answers how many rows that were. */
    int discard(String source) {
        return database.run("DELETE FROM session_state_v2 WHERE source_kind = ?", source)
                + database.run("DELETE FROM pane_state_v2 WHERE source_kind = ?", source)
                + database.run("DELETE FROM binding_link_v2 WHERE source_kind = ?", source);
    }

    /** Takes over a source's own state. */
    void take(String source, SourceView view) {
        view.sessions()
                .forEach((key, title) -> database.run(
                        "INSERT INTO session_state_v2 VALUES(?, ?, ?, ?)", source + "/" + key, source, title, 0));
        view.panes().forEach((key, pane) -> pane(source, source + "/" + key, pane));
        view.bindings()
                .forEach((binding, session) -> bind(source, source + "/" + binding.pane(), binding.at(), session));
    }

    /** What the rows of a source say, in the form in which the source says it. */
    SourceView view(String source) {
        SourceView view = SourceView.empty();
        int prefix = source.length() + 1;
        database.query(
                "SELECT session_key, title FROM session_state_v2 WHERE source_kind = ?",
                row -> view.sessions().put(row.getString(1).substring(prefix), row.getString(2)),
                source);
        database.query(
                "SELECT pane_instance_id, session_key, state, changes FROM pane_state_v2 WHERE source_kind = ?",
                row -> view.panes()
                        .put(
                                row.getString(1).substring(prefix),
                                new SourceView.Pane(row.getString(2), row.getString(3), row.getLong(4))),
                source);
        database.query(
                "SELECT pane_instance_id, bound_at, session_key FROM binding_link_v2 WHERE source_kind = ?",
                row -> view.bindings()
                        .put(
                                new SourceView.Binding(row.getString(1).substring(prefix), row.getLong(2)),
                                row.getString(3)),
                source);
        return view;
    }

    long sessions() {
        return database.number("SELECT count(*) FROM session_state_v2");
    }

    long panes() {
        return database.number("SELECT count(*) FROM pane_state_v2");
    }

    List<Map<String, Object>> listSessions() {
        return database.query("SELECT session_key, title FROM session_state_v2 ORDER BY session_key", row -> {
            Map<String, Object> session = new LinkedHashMap<>();
            session.put("session", row.getString(1));
            session.put("title", row.getString(2));
            return session;
        });
    }

    List<Map<String, Object>> listPanes() {
        return database.query(
                "SELECT pane_instance_id, session_key, state, changes FROM pane_state_v2 ORDER BY pane_instance_id",
                row -> {
                    Map<String, Object> pane = new LinkedHashMap<>();
                    pane.put("pane", row.getString(1));
                    pane.put("session", row.getString(2));
                    pane.put("state", row.getString(3));
                    pane.put("changes", row.getLong(4));
                    return pane;
                });
    }
}
