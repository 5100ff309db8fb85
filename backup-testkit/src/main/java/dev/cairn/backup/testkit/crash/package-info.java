/**
 * A pass-through file system that records what is done to the files below one folder and then makes every state, or a sample of the
 * states, that a power cut may leave. What a disk may do is decided here and nowhere else; what is right after it is for the caller to say.
 */
package dev.cairn.backup.testkit.crash;
