/** The gateway: sessions, confirmations, circuit breakers and dead letters in memory, their backups, and the way of dead letters back. {@code GatewayBackups} is the class to read first. */
package dev.cairn.backup.examples.sonia.gateway;
