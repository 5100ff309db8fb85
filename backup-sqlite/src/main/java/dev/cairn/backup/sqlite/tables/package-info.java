/**
 * Named tables of a live database as rows: reads them at one instant as JSON lines, compares them, and replaces them in one transaction. No table but
 * the named ones is ever written, and no schema is changed. Whole databases do not belong here.
 */
package dev.cairn.backup.sqlite.tables;
