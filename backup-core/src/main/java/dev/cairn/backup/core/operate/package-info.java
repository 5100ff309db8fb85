/** What operators see of a manager: events, health and the values behind metrics. Nothing here decides what is taken or kept. */
package dev.cairn.backup.core.operate;
