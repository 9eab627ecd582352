package exec

import "github.com/pocketgraph/pocketgraph/cypher/bind"

// aggregateFunctions describes the aggregates; aggregates.go does them.
var aggregateFunctions = []*function{
	aggregateDecl("count", intType, anything),
	aggregateDecl("sum", numberType, numberArg|bind.Takes(bind.Temporal)),
	aggregateDecl("avg", numberType, numberArg|bind.Takes(bind.Temporal)),
	{Function: bind.Function{Name: "min", Args: []bind.Accepts{anything}, Required: 1, ResultOf: sameAs, Aggregate: true}},
	{Function: bind.Function{Name: "max", Args: []bind.Accepts{anything}, Required: 1, ResultOf: sameAs, Aggregate: true}},
	{Function: bind.Function{Name: "collect", Args: []bind.Accepts{anything}, Required: 1, Result: listType, Aggregate: true,
		ResultOf: func(args []bind.Type) bind.Type { return bind.ListOf(args[0]) }}},
	aggregateDecl("stDev", floatType, numberArg),
	aggregateDecl("stDevP", floatType, numberArg),
	aggregateDecl("percentileDisc", numberType, numberArg, numberArg),
	aggregateDecl("percentileCont", floatType, numberArg, numberArg),
}

func aggregateDecl(name string, result bind.Type, args ...bind.Accepts) *function {
	f := &function{Function: decl(name, result, args...)}
	f.Aggregate = true
	return f
}
