package dev.cairn.backup.cli.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import org.jspecify.annotations.Nullable;

/**
 * What {@code cat} answers with {@code --json} or {@code --output}; else the standard output has the bytes and nothing else.
 *
 * @param snapshot the snapshot
 * @param dataset the dataset
 * @param path the file's place in it
 * @param bytes its size
 * @param sha256 of its bytes, in hexadecimal
 * @param file where it was written, or null
 * @param content its bytes in Base64, up to 16 MiB, or null if they were written to a file
 * @param handedOut whether the bytes went to the standard output; not part of the document
 */
public record CatAnswer(
        String snapshot,
        String dataset,
        String path,
        long bytes,
        String sha256,
        @Nullable String file,
        @Nullable String content,
        @JsonIgnore boolean handedOut)
        implements Answer {

    @Override
    public void print(Page page) {
        if (!handedOut) {
            page.good(snapshot + ":" + dataset + "/" + path + ": " + bytes + " bytes in " + file);
            page.line("sha256 " + sha256);
        }
    }
}
