package exec

import (
	"math"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// The coordinate systems, by the numbers that EPSG and OpenGIS give them.
const (
	cartesian   = 7203
	cartesian3D = 9157
	wgs84       = 4326
	wgs84With3D = 4979
)

// earthRadius is that of the equator, in metres, as Neo4j has it.
const earthRadius = 6378140.0

// systems are the coordinate systems with their names.
var systems = []struct {
	srid int32
	name string
}{{cartesian, "cartesian"}, {cartesian3D, "cartesian-3d"}, {wgs84, "wgs-84"}, {wgs84With3D, "wgs-84-3d"}}

func systemName(srid int32) string {
	for _, s := range systems {
		if s.srid == srid {
			return s.name
		}
	}
	return "unknown"
}

func is3D(srid int32) bool    { return srid == cartesian3D || srid == wgs84With3D }
func isEarth(srid int32) bool { return srid == wgs84 || srid == wgs84With3D }

var (
	pointType = bind.Of(bind.Point)
	pointArg  = bind.Takes(bind.Point)
)

// spatialFunctions make points and measure between them.
var spatialFunctions = []*function{
	{Function: decl("point", pointType, elementsArg), fn1: point},
	{Function: decl("point.distance", floatType, pointArg, pointArg), fn2: pointDistance},
	{Function: decl("distance", floatType, pointArg, pointArg), fn2: pointDistance},
	{Function: decl("point.withinBBox", boolType, pointArg, pointArg, pointArg), fnN: withinBox},
}

// point makes a point of a map, or of the properties of an element: x, y and
// perhaps z, or longitude, latitude and perhaps height, with crs or srid. It is
// null when a coordinate is.
func point(r *Run, v graph.Value, at syntax.Range) graph.Value {
	m := propertiesOf(r, v, at).AsMap()
	if m == nil {
		return graph.Null
	}
	c := graph.Coordinates{}
	null := false
	number := func(dst *float64, names ...string) (found bool) {
		for _, name := range names {
			x, has := m.Get(name)
			if !has {
				continue
			}
			n, ok := x.Number()
			if null = null || x.IsNull(); !ok && !x.IsNull() {
				r.fail("TypeError", "InvalidArgumentType", "the "+name+" of a point is a number, found "+article(x), at)
			}
			*dst = n
			return true
		}
		return false
	}
	earth := false
	hasX := number(&c.X, "x")
	if !hasX {
		hasX = number(&c.X, "longitude")
		earth = hasX
	}
	hasY := number(&c.Y, "y") || number(&c.Y, "latitude")
	hasZ := number(&c.Z, "z", "height")
	if r.err != nil || null {
		return graph.Null
	}
	bad := func(message string) graph.Value {
		return r.fail("ArgumentError", "InvalidArgumentValue", message, at)
	}
	if !hasX || !hasY {
		return bad("a point needs x and y, or longitude and latitude")
	}
	if c.SRID = systemOf(m, earth, hasZ); c.SRID == 0 {
		return bad("there is no such coordinate system: crs is cartesian, cartesian-3d, wgs-84 or wgs-84-3d")
	}
	switch {
	case earth && !isEarth(c.SRID):
		return bad("a point with longitude and latitude is in wgs-84, not in " + systemName(c.SRID))
	case hasZ != is3D(c.SRID):
		return bad("the number of coordinates does not fit " + systemName(c.SRID))
	case isEarth(c.SRID) && !(c.Y >= -90 && c.Y <= 90):
		return bad("a latitude is between -90 and 90")
	case isEarth(c.SRID):
		c.X = math.Remainder(c.X, 360)
	}
	return graph.Point(c)
}

// systemOf is the coordinate system that a map names, or that fits what it has; 0
// when it names none that there is.
func systemOf(m *graph.Map, earth, hasZ bool) int32 {
	if srid, ok := m.Get("srid"); ok && srid.Kind() == graph.KindInt {
		for _, s := range systems {
			if int64(s.srid) == srid.AsInt() {
				return s.srid
			}
		}
		return 0
	}
	if crs, ok := m.Get("crs"); ok {
		name := strings.ToLower(crs.AsString())
		for _, s := range systems {
			if s.name == name {
				return s.srid
			}
		}
		return 0
	}
	switch {
	case earth && hasZ:
		return wgs84With3D
	case earth:
		return wgs84
	case hasZ:
		return cartesian3D
	}
	return cartesian
}

// pointDistance is a straight line in cartesian systems and a great circle on
// the earth (haversine formula), in metres, with heights at its average. It is
// null between two systems.
func pointDistance(r *Run, a, b graph.Value, at syntax.Range) graph.Value {
	for _, v := range []graph.Value{a, b} {
		if v.Kind() != graph.KindPoint {
			return wrong(r, "point.distance", v, at)
		}
	}
	p, q := a.AsPoint(), b.AsPoint()
	if p.SRID != q.SRID {
		return graph.Null
	}
	if !isEarth(p.SRID) {
		return graph.Float(math.Hypot(math.Hypot(p.X-q.X, p.Y-q.Y), p.Z-q.Z))
	}
	const radian = math.Pi / 180
	sinLat := math.Sin((q.Y - p.Y) / 2 * radian)
	sinLon := math.Sin((q.X - p.X) / 2 * radian)
	h := sinLat*sinLat + math.Cos(p.Y*radian)*math.Cos(q.Y*radian)*sinLon*sinLon
	arc := 2 * math.Asin(math.Sqrt(min(h, 1)))
	return graph.Float(math.Hypot(arc*(earthRadius+(p.Z+q.Z)/2), p.Z-q.Z))
}

// withinBox says whether a point lies between the lower left and the upper
// right corner of a box. On the earth a box may go over the date line: then its
// left is east of its right.
func withinBox(r *Run, args []graph.Value, at syntax.Range) graph.Value {
	for _, v := range args {
		if v.Kind() != graph.KindPoint {
			return wrong(r, "point.withinBBox", v, at)
		}
	}
	p, low, high := args[0].AsPoint(), args[1].AsPoint(), args[2].AsPoint()
	if p.SRID != low.SRID || p.SRID != high.SRID {
		return graph.Null
	}
	inX := low.X <= p.X && p.X <= high.X
	if isEarth(p.SRID) && low.X > high.X {
		inX = p.X >= low.X || p.X <= high.X
	}
	return graph.Bool(inX && low.Y <= p.Y && p.Y <= high.Y && low.Z <= p.Z && p.Z <= high.Z)
}

// pointPart is a component of a point. One that its system does not have is
// null.
func pointPart(p graph.Coordinates, name string) graph.Value {
	earth := isEarth(p.SRID)
	switch {
	case name == "x" || name == "longitude" && earth:
		return graph.Float(p.X)
	case name == "y" || name == "latitude" && earth:
		return graph.Float(p.Y)
	case (name == "z" || name == "height" && earth) && is3D(p.SRID):
		return graph.Float(p.Z)
	case name == "srid":
		return graph.Int(int64(p.SRID))
	case name == "crs":
		return graph.String(systemName(p.SRID))
	}
	return graph.Null
}

// pointText writes a point as the function that makes it.
func pointText(p graph.Coordinates) string {
	s := "point({x: " + floatText(p.X) + ", y: " + floatText(p.Y)
	if is3D(p.SRID) {
		s += ", z: " + floatText(p.Z)
	}
	return s + ", crs: '" + systemName(p.SRID) + "'})"
}
