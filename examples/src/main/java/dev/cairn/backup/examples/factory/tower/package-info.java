/** The tower, a process and a key of its own, and the client with which the factory asks it. */
package dev.cairn.backup.examples.factory.tower;
