/**
 * HALO, a family's assistant at home: a control plane whose parents back up and restore over two admin routes, with an audit trail, incidents, recoverable trash, and a checklist that every restore
 * has to pass. {@code HaloServer} puts it together; what is Cairn's is in {@code HaloBackups} and {@code BackupRoutes}.
 */
package dev.cairn.backup.examples.halo;
