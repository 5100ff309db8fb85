/**
 * The configuration file: read with the place of everything in it, checked as a whole, and turned into what the SDK needs. Nothing here opens a repository or asks an operator.
 */
package dev.cairn.backup.cli.config;
