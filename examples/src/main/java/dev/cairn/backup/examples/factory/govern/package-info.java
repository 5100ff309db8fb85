/** Whether the factory may go on: keys, gates, alerts, logs, the panic flag, health. */
package dev.cairn.backup.examples.factory.govern;
