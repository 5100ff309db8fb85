/** Taking one snapshot: prepare all datasets, freeze them together inside the host's barrier, write them outside it, commit. */
package dev.cairn.backup.core.capture;
