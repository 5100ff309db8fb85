package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.spi.Dataset;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A method that is added to the interface and forgotten here would answer its default, and the tests that forward would test something else. */
class ForwardingDatasetTest {

    static Stream<Method> questions() {
        return Arrays.stream(Dataset.class.getMethods());
    }

    @ParameterizedTest
    @MethodSource("questions")
    void everyQuestionReachesTheOther(Method question) throws Exception {
        List<Method> asked = new ArrayList<>();
        Dataset other = (Dataset) Proxy.newProxyInstance(
                Dataset.class.getClassLoader(), new Class<?>[] {Dataset.class}, (proxy, method, arguments) -> {
                    asked.add(method);
                    return method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                });

        question.invoke(new ForwardingDataset(other), new Object[question.getParameterCount()]);

        assertEquals(List.of(question), asked);
    }
}
