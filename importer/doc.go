// Package importer brings files into a database and writes a database to files,
// in the formats of package formats.
//
// An import is one transaction: whatever goes wrong (a malformed file, a
// constraint, a full disk, a cancelled context) leaves the database as it was.
// What does not fit into one record of the log (256 MiB) needs BatchSize: then
// everything is brought together in memory first, so that a malformed file
// still changes nothing, and written in transactions of so many elements. What
// goes wrong while they are written leaves whole ones behind, and is reported
// with what was written.
package importer
