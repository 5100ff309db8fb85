/**
 * How a host comes up, stays up and goes down: the readiness gate and startup in order, the restart budget of a service that fails, how loud what
 * happens is and who hears it, the state of a source, and shutdown in order under one deadline.
 *
 * <p>Values and policies only. Nothing here does I/O, starts a thread or reads a clock: instants, monotonic tickers (differences of
 * {@link System#nanoTime()} or of a test's), waiters and executors are handed in, so that every path can be tested in virtual time. The one exception
 * is {@link dev.cairn.backup.lifecycle.ShutdownHook}, which registers with the JVM. Whoever runs a host stores the values; nothing here persists them.
 */
package dev.cairn.backup.lifecycle;
