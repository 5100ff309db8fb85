/**
 * The change logs of continuously protected datasets: the form of a segment, how segments are spooled, put into a repository, read back, verified and removed. It knows neither snapshots'
 * contents nor the manager, and never touches a dataset: sources hand it their pages, and whoever restores reads them here.
 */
package dev.cairn.backup.core.ship;
