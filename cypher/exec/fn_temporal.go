package exec

import (
	"errors"
	"strings"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

var (
	temporalType = bind.Of(bind.Temporal)
	temporalArg  = bind.Takes(bind.Temporal)
)

// temporalFunctions make dates, times and durations: for each kind a
// constructor with the three clocks, and truncate().
var temporalFunctions = func() []*function {
	var out []*function
	for _, k := range []graph.Kind{graph.KindDate, graph.KindLocalTime, graph.KindTime, graph.KindLocalDateTime, graph.KindDateTime} {
		name := strings.ToLower(k.String())
		out = append(out, constructor(name, k, false), constructor(name+".statement", k, false),
			constructor(name+".transaction", k, false), constructor(name+".realtime", k, true), truncation(name+".truncate", k))
	}
	for _, m := range []struct {
		name string
		how  temporal.Measure
	}{{"between", temporal.Parts}, {"inMonths", temporal.Months}, {"inDays", temporal.Days}, {"inSeconds", temporal.Seconds}} {
		out = append(out, &function{Function: decl("duration."+m.name, temporalType, temporalArg, temporalArg),
			fn2: func(r *Run, a, b graph.Value, at syntax.Range) graph.Value {
				return r.temporal(at).of(temporal.Between(m.how, a, b))
			}})
	}
	return append(out,
		&function{Function: decl("duration", temporalType, bind.Takes(bind.String, bind.MapBase, bind.Temporal)),
			fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
				return r.temporal(at).of(temporal.Make(graph.KindDuration, v, temporal.Instant{}))
			}},
		&function{Function: decl("datetime.fromepoch", temporalType, integerArg, integerArg),
			fn2: func(r *Run, a, b graph.Value, at syntax.Range) graph.Value {
				if a.Kind() != graph.KindInt || b.Kind() != graph.KindInt {
					return r.typeError("datetime.fromepoch() takes two Integers", at)
				}
				return r.temporal(at).of(temporal.FromEpoch(a.AsInt(), b.AsInt()))
			}},
		&function{Function: decl("datetime.fromepochmillis", temporalType, integerArg),
			fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value {
				if v.Kind() != graph.KindInt {
					return r.typeError("datetime.fromepochmillis() takes an Integer", at)
				}
				return r.temporal(at).of(temporal.Make(graph.KindDateTime,
					graph.MapValue(graph.NewMap([]graph.Entry{{Key: "epochMillis", Value: v}})), temporal.Instant{}))
			}})
}()

// constructor makes values of a kind: of what it is given, or of a clock, in a
// zone whose name may be given to all but the plain constructor.
func constructor(name string, k graph.Kind, volatile bool) *function {
	_, clock, isClock := strings.Cut(name, ".")
	takes := bind.Takes(bind.String, bind.MapBase, bind.Temporal)
	if isClock {
		takes = stringArg
	}
	return &function{Function: bind.Function{Name: name, Args: []bind.Accepts{takes}, Result: temporalType, Volatile: volatile},
		fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
			now := instant(r.clock(clock))
			switch {
			case len(args) == 0:
				return r.temporal(at).of(temporal.Now(k, now, ""))
			case !isClock:
				return r.temporal(at).of(temporal.Make(k, args[0], now))
			case args[0].Kind() != graph.KindString:
				return wrong(r, name, args[0], at)
			}
			return r.temporal(at).of(temporal.Now(k, now, args[0].AsString()))
		}}
}

func truncation(name string, k graph.Kind) *function {
	return &function{Function: bind.Function{Name: name, Args: []bind.Accepts{stringArg, temporalArg, bind.Takes(bind.MapBase)}, Required: 1, Result: temporalType},
		fnN: func(r *Run, args []graph.Value, at syntax.Range) graph.Value {
			now := instant(r.time())
			value, err := graph.Null, error(nil)
			if len(args) > 1 {
				value = args[1]
			} else {
				value, err = temporal.Now(k, now, "")
			}
			var components *graph.Map
			if len(args) > 2 {
				if components = args[2].AsMap(); components == nil {
					return wrong(r, name, args[2], at)
				}
			}
			if args[0].Kind() != graph.KindString {
				return wrong(r, name, args[0], at)
			}
			if err != nil {
				return r.temporal(at).of(value, err)
			}
			return r.temporal(at).of(temporal.Truncate(k, args[0].AsString(), value, components, now))
		}}
}

// clock reads one of the three clocks.
func (r *Run) clock(name string) time.Time {
	switch {
	case name == "realtime" && r.rt.Now != nil:
		return r.rt.Now()
	case name == "realtime":
		return time.Now()
	case name == "transaction" && !r.rt.Began.IsZero():
		return r.rt.Began
	}
	return r.time()
}

func instant(t time.Time) temporal.Instant {
	return temporal.Instant{Seconds: t.Unix(), Nanos: int32(t.Nanosecond())}
}

// temporalCall takes what package temporal answers, and ends the run with its
// errors.
type temporalCall struct {
	run *Run
	at  syntax.Range
}

func (r *Run) temporal(at syntax.Range) temporalCall { return temporalCall{r, at} }

func (c temporalCall) of(v graph.Value, err error) graph.Value {
	var e *temporal.Error
	switch {
	case err == nil:
		return v
	case !errors.As(err, &e):
		c.run.failWith(err, c.at)
	case e.Reason == temporal.Mistyped:
		c.run.typeError(e.Message, c.at)
	case e.Reason == temporal.Overflow:
		c.run.fail("ArithmeticError", "NumberOutOfRange", e.Message, c.at)
	case e.Reason == temporal.DivideByZero:
		c.run.fail("ArithmeticError", "DivisionByZero", e.Message, c.at)
	default:
		c.run.fail("ArgumentError", "InvalidArgumentValue", e.Message, c.at)
	}
	return graph.Null
}

// temporals is + - * / where an operand is no number. ok is false when no
// rule covers the two.
func temporals(r *Run, op byte, a, b graph.Value, at syntax.Range) (v graph.Value, ok bool) {
	var err error
	_, number := b.Number()
	left, right := a.Kind() == graph.KindDuration, b.Kind() == graph.KindDuration
	switch {
	case op == '*' && left && number:
		v, err = temporal.Scale(a, b)
	case op == '/' && left && number:
		v, err = temporal.Divide(a, b)
	case op == '*' && right:
		if _, number = a.Number(); !number {
			return graph.Null, false
		}
		v, err = temporal.Scale(b, a)
	case op == '+' && left && right:
		v, err = temporal.AddDurations(a, b)
	case op == '+' && right && isInstant(a):
		v, err = temporal.Add(a, b)
	case op == '+' && left && isInstant(b):
		v, err = temporal.Add(b, a)
	case op == '-' && right && (left || isInstant(a)):
		if b, err = temporal.Negate(b); err == nil {
			return temporals(r, '+', a, b, at)
		}
	default:
		return graph.Null, false
	}
	return r.temporal(at).of(v, err), true
}

// isInstant is true of dates and times.
func isInstant(v graph.Value) bool {
	return v.Kind() >= graph.KindDate && v.Kind() <= graph.KindDateTime
}
