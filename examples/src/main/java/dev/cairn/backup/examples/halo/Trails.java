package dev.cairn.backup.examples.halo;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.Incident;
import dev.cairn.backup.spi.Location;
import java.util.List;
import java.util.Optional;

/**
 * HALO's audit log: Cairn's chained one, and beside it the two plain trails that the family's runbook tells people to look at. The chained one is what counts: a trail that was lost or cut short is
 * written again from it.
 */
final class Trails implements AuditLog {

    private final AuditLog chained;
    private final TrailFiles files;

    Trails(AuditLog chained, TrailFiles files) {
        this.chained = chained;
        this.files = files;
        files.start();
    }

    @Override
    public List<AuditPosition> append(List<AuditEvent> events) {
        List<AuditPosition> written = chained.append(events);
        files.catchUp();
        return written;
    }

    @Override
    public Incident report(Incident.Report report) {
        Incident opened = chained.report(report);
        files.catchUp();
        return opened;
    }

    @Override
    public Incident close(String incident, Incident.Closing closing) {
        Incident closed = chained.close(incident, closing);
        files.catchUp();
        return closed;
    }

    @Override
    public List<Incident> openIncidents() {
        return chained.openIncidents();
    }

    @Override
    public AuditPosition head() {
        return chained.head();
    }

    @Override
    public AuditVerification verify() {
        return chained.verify();
    }

    @Override
    public Optional<Location> location() {
        return chained.location();
    }

    @Override
    public Optional<Location> headLocation() {
        return chained.headLocation();
    }

    @Override
    public void close() {
        chained.close();
    }
}
