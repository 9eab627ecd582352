// Package temporal is the calendar of the query language: it makes dates,
// times and durations of maps, texts and each other, takes them apart, and
// computes with them, as the openCypher improvement proposal CIP2015-08-06
// (date and time) describes and the conformance suite pins down.
//
// Values are those of package graph. The calendar is the proleptic Gregorian
// one (ISO 8601) with years from -999,999,999 to 999,999,999 and a year 0;
// a day has 86,400 seconds, there are no leap seconds; the precision is one
// nanosecond. Every function is total: what cannot be represented is an
// *Error, never a panic or a value that wrapped around.
//
// Named time zones come from a ZoneSource. Natively it is the IANA database
// that is compiled in; in a page it is the browser's own (package jsbridge).
package temporal
