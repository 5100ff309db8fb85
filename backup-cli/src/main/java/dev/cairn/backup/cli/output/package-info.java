/**
 * What a command answers, as text for people or as one JSON document, and what it shows of its progress meanwhile. Nothing here knows what a command does.
 */
package dev.cairn.backup.cli.output;
