/**
 * What is done, refused and fails as lines of an audit log, and as incidents. Where the log lies and how it is kept is none of this room's business: it is given an
 * {@link dev.cairn.backup.AuditLog}. Nor does it decide who may do what.
 */
package dev.cairn.backup.core.audit;
