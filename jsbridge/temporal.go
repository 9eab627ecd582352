package jsbridge

import (
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// temporalKeys are the keys under which the stdio notation, and JavaScript,
// show a date, time or duration.
var temporalKeys = map[graph.Kind]string{
	graph.KindDate: "$date", graph.KindLocalTime: "$localtime", graph.KindTime: "$time",
	graph.KindLocalDateTime: "$localdatetime", graph.KindDateTime: "$datetime", graph.KindDuration: "$duration",
}

func temporalText(v graph.Value) (key, text string) {
	return temporalKeys[v.Kind()], temporal.Text(v)
}
