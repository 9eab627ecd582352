package graph

import "unsafe"

// Zoned is a point in time with its zone, the content of a DateTime.
type Zoned struct {
	Seconds int64  // since 1970-01-01T00:00:00Z
	Nanos   int32  // 0 to 999,999,999
	Offset  int32  // seconds east of UTC that hold at that time
	Zone    string // IANA name, empty when only the offset is known
}

// Span is the content of a Duration. The four parts are never carried into
// each other, except that 0 <= Nanos <= 999,999,999.
type Span struct {
	Months  int64
	Days    int64
	Seconds int64
	Nanos   int32
}

// Coordinates is the content of a Point: two or three dimensions in the
// coordinate system that SRID names (7203, 9157, 4326 or 4979).
type Coordinates struct {
	SRID    int32
	X, Y, Z float64 // Z is 0 in the two-dimensional systems
}

// Date makes a Date from days since 1970-01-01.
func Date(days int64) Value { return Value{kind: KindDate, bits: uint64(days)} }

// LocalTime makes a LocalTime from nanoseconds since midnight.
func LocalTime(nanos int64) Value { return Value{kind: KindLocalTime, bits: uint64(nanos)} }

// Time makes a Time from nanoseconds since local midnight and the offset in
// seconds east of UTC.
func Time(nanos int64, offset int32) Value {
	return Value{kind: KindTime, bits: uint64(nanos), aux: offset}
}

// LocalDateTime makes a LocalDateTime from the seconds since 1970-01-01T00:00
// on the same clock, and nanoseconds.
func LocalDateTime(seconds int64, nanos int32) Value {
	return Value{kind: KindLocalDateTime, bits: uint64(seconds), aux: nanos}
}

// DateTime makes a DateTime.
func DateTime(z Zoned) Value { return Value{kind: KindDateTime, ptr: unsafe.Pointer(&z)} }

// Duration makes a Duration.
func Duration(s Span) Value { return Value{kind: KindDuration, ptr: unsafe.Pointer(&s)} }

// Point makes a Point.
func Point(c Coordinates) Value { return Value{kind: KindPoint, ptr: unsafe.Pointer(&c)} }

// AsDate returns the days since 1970-01-01 of a Date.
func (v Value) AsDate() int64 { return int64(v.bits) }

// AsLocalTime returns the nanoseconds since midnight of a LocalTime.
func (v Value) AsLocalTime() int64 { return int64(v.bits) }

// AsTime returns nanoseconds since local midnight and the offset of a Time.
func (v Value) AsTime() (nanos int64, offset int32) { return int64(v.bits), v.aux }

// AsLocalDateTime returns seconds and nanoseconds of a LocalDateTime.
func (v Value) AsLocalDateTime() (seconds int64, nanos int32) { return int64(v.bits), v.aux }

// AsDateTime returns the content of a DateTime; zero for any other kind.
func (v Value) AsDateTime() Zoned {
	if v.kind != KindDateTime {
		return Zoned{}
	}
	return *(*Zoned)(v.ptr)
}

// AsDuration returns the content of a Duration; zero for any other kind.
func (v Value) AsDuration() Span {
	if v.kind != KindDuration {
		return Span{}
	}
	return *(*Span)(v.ptr)
}

// AsPoint returns the content of a Point; zero for any other kind.
func (v Value) AsPoint() Coordinates {
	if v.kind != KindPoint {
		return Coordinates{}
	}
	return *(*Coordinates)(v.ptr)
}
