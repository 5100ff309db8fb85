package dev.cairn.backup.examples.sonia.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;

/** How the gateway embeds Cairn: all of it. Thread-safe. */
final class GatewayBackups implements AutoCloseable {

    private static final String SERVICE = "api-gateway";
    private static final String GATEWAY = "gateway";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SoniaPlace place;
    private final PackedRepository repository;
    private final AuditLog audit;
    private final SnapshotManager manager;
    private final BackupOperations operations;

    GatewayBackups(SoniaPlace place, LiveGateway gateway, InstantSource clock) {
        this.place = place;
        this.repository = place.repository();
        this.audit = FileAuditLog.at(place.audit(SERVICE), place.state(SERVICE)).open();
        JsonCodec<GatewayState> codec = JsonCodec.of(GatewayState.MAPPER, GatewayState.class);
        this.manager = Cairn.builder()
                .repository(repository)
                .state(place.state(SERVICE))
                .scratch(place.scratch(SERVICE))
                .dataset(StateDataset.of(GATEWAY, codec, gateway::state, gateway::replace)
                        .counts(GatewayState::counts))
                .barrier(gateway::whileQuiet)
                .naming((sequence, now, label, attempt) -> SnapshotId.of("bkp_" + sequence))
                .clock(clock)
                .audit(audit)
                .open();
        this.operations = BackupOperations.of(manager, OperationPolicy.allowAll());
    }

    /** Takes a backup, kept until it is deleted by hand, and writes it out for people. Answers what the operator is told. */
    ObjectNode create(Actor actor) throws IOException {
        SnapshotMetadata snapshot = operations.create(actor).metadata();
        GatewayFile file = new GatewayFile(snapshot.id().value(), snapshot.createdAt(), stored(snapshot.id()));
        ObjectNode answer = GatewayState.MAPPER
                .createObjectNode()
                .put("backup_id", file.backupId())
                .put("timestamp", file.timestamp().toString())
                .put("path", write(file));
        answer.set("manifest", file.manifest());
        return answer;
    }

    /** What the repository really holds, decrypted and verified: the file is no second truth. */
    private GatewayState stored(SnapshotId id) throws IOException {
        try (SnapshotReader snapshot = repository.read(id);
                EntryCursor entries = snapshot.dataset(GATEWAY).entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.path().value().equals("state.json")) {
                    try (InputStream in = entry.content().open()) {
                        JsonNode json = GatewayState.MAPPER.readTree(in);
                        return GatewayState.MAPPER.treeToValue(json, GatewayState.class);
                    }
                }
            }
            throw new IOException("backup " + id + " holds no state.json");
        }
    }

    /** Never over another file: a second backup in the same second gets a number. */
    private String write(GatewayFile file) throws IOException {
        try (FileBlobStore files = FileBlobStore.at(place.stateFiles())) {
            String stem = "gateway-state-" + STAMP.format(file.timestamp());
            for (int attempt = 1; ; attempt++) {
                String name = stem + (attempt == 1 ? "" : "-" + attempt) + ".json";
                PutOutcome outcome = files.putIfAbsent(BlobName.of(name), BlobContent.of(file.bytes()));
                if (outcome == PutOutcome.UNKNOWN) {
                    throw new IOException(name + " may not be durable; the backup " + file.backupId() + " is");
                }
                if (outcome == PutOutcome.CREATED) {
                    return place.stateFiles().resolve(name).toString();
                }
            }
        }
    }

    /** Deletes a backup; its file for people is an operator's to delete. */
    void delete(Actor actor, String id) {
        operations.delete(actor, id);
    }

    /** Runs an operation of the gateway's own, as a line of the audit log. */
    <T> T audited(Actor actor, Operation operation, Supplier<T> work) {
        return operations.run(actor, operation, work);
    }

    SnapshotManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
        audit.close();
    }
}
