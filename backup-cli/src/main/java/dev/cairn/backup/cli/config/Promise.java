package dev.cairn.backup.cli.config;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;

/**
 * What is promised of some datasets.
 *
 * @param datasets of which
 * @param objective what
 */
public record Promise(DatasetSelection datasets, Objective objective) {}
