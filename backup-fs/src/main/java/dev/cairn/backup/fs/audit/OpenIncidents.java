package dev.cairn.backup.fs.audit;

import dev.cairn.backup.Incident;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The incidents that are open, as the lines tell. Thread-safe. */
final class OpenIncidents {

    /** Each is told again in each new file. */
    static final int MAX = 1000;

    private final Map<String, Incident> open = new LinkedHashMap<>();

    /** Takes in what a line says. */
    synchronized void read(Line line) {
        Incident incident = line.incident();
        if (line.kind().equals(Line.CHAIN)) {
            open.clear(); // The lines that follow it carry all that are open.
        } else if (incident != null && incident.closing().isPresent()) {
            open.remove(incident.id());
        } else if (incident != null) {
            open.put(incident.id(), incident);
        }
    }

    /** Takes in what was written. Whether its head record came to be does not matter: the line is there, and the next opening reads it. */
    synchronized void tell(Draft line, long sequence) {
        if (line instanceof Draft.Opened opened) {
            String id = Draft.Opened.idOf(sequence);
            open.put(id, new Incident(id, opened.report(), Optional.empty()));
        } else if (line instanceof Draft.Closed closed) {
            open.remove(closed.id());
        }
    }

    synchronized Optional<Incident> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    synchronized List<Incident> all() {
        return List.copyOf(open.values());
    }
}
