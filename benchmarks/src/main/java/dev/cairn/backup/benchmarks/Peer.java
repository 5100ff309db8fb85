package dev.cairn.backup.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A program that makes backups, and how it is called.
 *
 * @param name what results call it
 * @param folder where it keeps everything; removed before each round
 * @param repository the part of the folder that must be kept to restore
 * @param environment variables that it needs
 * @param init makes its repository; empty if the first backup does
 * @param backup a snapshot of that name of that tree
 * @param restore the snapshot of that name into that folder, which is empty
 * @param check reads and verifies everything; empty if it cannot
 */
record Peer(
        String name,
        Path folder,
        Path repository,
        Map<String, String> environment,
        List<String> init,
        BiFunction<String, Path, List<String>> backup,
        BiFunction<String, Path, List<String>> restore,
        List<String> check) {}
