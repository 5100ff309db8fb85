/** What operators see of a manager and what they may do with it: events, health, the values behind metrics, who is let in. Nothing here decides what is taken or kept. */
package dev.cairn.backup.core.operate;
