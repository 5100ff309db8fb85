package dev.cairn.backup.core.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.testkit.DatasetContract;
import java.util.concurrent.atomic.AtomicReference;

class StateDatasetContractTest extends DatasetContract {

    /** The host's state. */
    record Counter(long value) {}

    private final AtomicReference<Counter> live = new AtomicReference<>(new Counter(0));

    @Override
    protected Dataset dataset() {
        return StateDataset.of("state", JsonCodec.of(new ObjectMapper(), Counter.class), live::get, live::set);
    }

    @Override
    protected void writeCounter(long value) {
        live.set(new Counter(value));
    }

    @Override
    protected long readCounter() {
        return live.get().value();
    }
}
