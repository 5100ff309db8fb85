/**
 * What happens in the manager as lines of an audit log, and as incidents. Where the log lies and how it is kept is none of this room's business: it is given an
 * {@link dev.cairn.backup.AuditLog}.
 */
package dev.cairn.backup.core.audit;
