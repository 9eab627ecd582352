// Package importer brings foreign files into a database: Cypher scripts, and
// CSV files whose headers say what the columns are, as neo4j-admin defines
// them.
//
// CSV files are read twice. The first pass checks everything that the files
// alone can show (form, types, identifiers, ends of relationships), so that a
// malformed file leaves the database as it was; the second writes, in
// transactions of BatchSize elements. Whatever goes wrong in the second pass
// (a constraint, a full disk) leaves whole batches behind and is reported with
// what was written.
package importer
