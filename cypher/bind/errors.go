package bind

import "github.com/pocketgraph/pocketgraph/cypher/syntax"

// The words of the conformance suite for what is refused here.
const (
	ambiguousAggregation   = "AmbiguousAggregationExpression"
	columnNameConflict     = "ColumnNameConflict"
	creatingVarLength      = "CreatingVarLength"
	differentColumns       = "DifferentColumnsInUnion"
	invalidAggregation     = "InvalidAggregation"
	invalidArgumentPassing = "InvalidArgumentPassingMode"
	invalidArgumentType    = "InvalidArgumentType"
	invalidComposition     = "InvalidClauseComposition"
	invalidDelete          = "InvalidDelete"
	invalidNumberOfArgs    = "InvalidNumberOfArguments"
	invalidParameterUse    = "InvalidParameterUse"
	invalidPropertyType    = "InvalidPropertyType"
	negativeInteger        = "NegativeIntegerArgument"
	nestedAggregation      = "NestedAggregation"
	noExpressionAlias      = "NoExpressionAlias"
	noSingleType           = "NoSingleRelationshipType"
	noVariables            = "NoVariablesInScope"
	nonConstant            = "NonConstantExpression"
	procedureNotFound      = "ProcedureNotFound"
	relationshipTwice      = "RelationshipUniquenessViolation"
	requiresDirection      = "RequiresDirectedRelationship"
	undefinedVariable      = "UndefinedVariable"
	unexpectedSyntax       = syntax.UnexpectedSyntax
	unknownFunction        = "UnknownFunction"
	alreadyBound           = "VariableAlreadyBound"
	typeConflict           = "VariableTypeConflict"
)

// The suite's types of errors.
const (
	syntaxError    = "SyntaxError"
	typeError      = "TypeError"
	procedureError = "ProcedureError"
)

// fail records the first error; later ones are dropped.
func (b *binder) fail(n syntax.Node, detail, message string) {
	b.failAs(syntaxError, n, detail, message)
}

func (b *binder) failAs(code string, n syntax.Node, detail, message string) {
	if b.err == nil {
		b.err = &syntax.Error{
			Code: code, Detail: detail, Message: message, Range: n.Span(), Text: b.stmt.Syntax.Text,
		}
	}
}

// hint adds a hint to the error there is, if it has none.
func (b *binder) hint(text string) {
	if b.err != nil && b.err.Hint == "" {
		b.err.Hint = text
	}
}

// suggest hints at the candidate nearest to a misspelt word.
func (b *binder) suggest(word string, candidates []string) {
	if near := syntax.Nearest(word, candidates); near != "" {
		b.hint("did you mean " + near + "?")
	}
}
