-- case integer overflow
-- query
WITH 9223372036854775807 AS x RETURN x + 1
-- error ArithmeticError IntegerOverflow

-- case division by zero
-- query
WITH 0 AS zero RETURN 1 / zero
-- error ArithmeticError DivisionByZero

-- case a map is no property
-- query
WITH {a: 1} AS m CREATE (n {m: m})
-- error TypeError InvalidPropertyType

-- case an element is gone
-- setup
CREATE (:X {a: 1});
-- query
MATCH (n:X) DELETE n RETURN n.a
-- error EntityNotFound DeletedEntityAccess

-- case merge with null
-- query
MERGE (n:X {a: null}) RETURN n
-- error SemanticError MergeReadOwnWrites

-- case range is bounded
-- query
RETURN size(range(1, 1000000000000))
-- error LimitError LimitExceeded

-- case a uniqueness constraint
-- setup
CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE;
CREATE (:P {id: 1});
-- query
CREATE (:P {id: 1})
-- error ConstraintValidationFailed ConstraintViolated

-- case a negative limit
-- query
WITH -1 AS x UNWIND [1] AS y RETURN y LIMIT toInteger('-1')
-- error SyntaxError NegativeIntegerArgument

-- case a misspelt variable
-- query
MATCH (person:Person)
WHERE persn.age > 30
RETURN person
-- error SyntaxError UndefinedVariable
-- text
SyntaxError (UndefinedVariable): the variable persn is not defined
2 | WHERE persn.age > 30
  |       ^^^^^
hint: did you mean person?

-- case a misspelt function
-- query
RETURN toUper('a') AS x
-- error SyntaxError UnknownFunction
-- text
SyntaxError (UnknownFunction): there is no function toUper()
1 | RETURN toUper('a') AS x
  |        ^^^^^^
hint: did you mean toUpper?

-- case a misspelt clause
-- query
MACH (n) RETURN n
-- error SyntaxError UnexpectedSyntax
-- text
SyntaxError (UnexpectedSyntax): expected a clause (MATCH, RETURN, CREATE, …), found 'MACH'
1 | MACH (n) RETURN n
  | ^^^^
hint: did you mean MATCH?

-- case a variable that WITH has not passed on
-- query
MATCH (a)-->(b) WITH a RETURN b
-- error SyntaxError UndefinedVariable
-- text
SyntaxError (UndefinedVariable): the variable b is not defined
1 | MATCH (a)-->(b) WITH a RETURN b
  |                               ^
hint: b is not visible here: pass it on, by WITH b or CALL (b)

-- case a parameter that is missing
-- query
MATCH (n {id: $id}) RETURN n
-- error ParameterMissing MissingParameter
-- text
ParameterMissing (MissingParameter): the parameter $id was not given
1 | MATCH (n {id: $id}) RETURN n
  |               ^^^
hint: give a value for id with the query; null is one

-- case a misspelt procedure
-- query
CALL db.label() YIELD label RETURN label
-- error ProcedureError ProcedureNotFound
-- text
ProcedureError (ProcedureNotFound): there is no procedure db.label
1 | CALL db.label() YIELD label RETURN label
  |      ^^^^^^^^
hint: did you mean db.labels?

-- case a misspelt column of a procedure
-- query
CALL db.labels() YIELD labels RETURN labels
-- error SyntaxError UndefinedVariable
-- text
SyntaxError (UndefinedVariable): the procedure db.labels has no column labels
1 | CALL db.labels() YIELD labels RETURN labels
  |                        ^^^^^^
hint: did you mean label?

-- case a misspelt index
-- setup
CREATE INDEX people FOR (p:Person) ON (p.name);
-- query
DROP INDEX poeple
-- error SchemaError NotFound
-- text
SchemaError (NotFound): index poeple: not found
1 | DROP INDEX poeple
  | ^^^^^^^^^^^^^^^^^
hint: did you mean people?

-- case the wrong number of arguments
-- query
RETURN substring('abc') AS x
-- error SyntaxError InvalidNumberOfArguments
-- text
SyntaxError (InvalidNumberOfArguments): the function substring() takes 2 to 3 arguments, here are 1
1 | RETURN substring('abc') AS x
  |        ^^^^^^^^^^^^^^^^

-- case a value of the wrong type, while it runs
-- query
UNWIND [1, 'a'] AS x RETURN toUpper(x) AS y
-- error TypeError InvalidArgumentValue
-- text
TypeError (InvalidArgumentValue): toUpper() cannot take an Integer
1 | UNWIND [1, 'a'] AS x RETURN toUpper(x) AS y
  |                             ^^^^^^^^^^

-- case a connected node is deleted
-- setup
CREATE (:A)-[:R]->(:B);
-- query
MATCH (a:A) DELETE a
-- error ConstraintVerificationFailed DeleteConnectedNode
-- text
ConstraintVerificationFailed (DeleteConnectedNode): a node that still has relationships cannot be deleted
1 | MATCH (a:A) DELETE a
  |                    ^
hint: delete the relationships first, or use DETACH DELETE

-- case two errors: the first is told
-- query
RETURN a, b
-- error SyntaxError UndefinedVariable
-- text
SyntaxError (UndefinedVariable): the variable a is not defined
1 | RETURN a, b
  |        ^

-- case a pattern where a value is wanted
-- query
MATCH (a) RETURN (a)-->() AS x
-- error SyntaxError UnexpectedSyntax
-- text
SyntaxError (UnexpectedSyntax): a pattern can only be a condition: in WHERE, in exists()
1 | MATCH (a) RETURN (a)-->() AS x
  |                  ^^^^^^^^
hint: count matches with COUNT { … }, collect them with [ pattern | expression ]

-- case a query without an end
-- query
MATCH (n)
-- error SyntaxError InvalidClauseComposition
-- text
SyntaxError (InvalidClauseComposition): a query cannot end with MATCH
1 | MATCH (n)
  | ^^^^^^^^^
hint: end it with RETURN

-- case LOAD CSV where no files may be read
-- query
LOAD CSV FROM 'file:///a.csv' AS row RETURN row
-- error ImportError NotAllowed
-- text
ImportError (NotAllowed): no files may be loaded here
1 | LOAD CSV FROM 'file:///a.csv' AS row RETURN row
  |               ^^^^^^^^^^^^^^^
hint: open the store with an Importer; the command has --import-root DIR

-- case linenumber() without LOAD CSV
-- query
MATCH (n) RETURN linenumber() AS line
-- error SyntaxError UnexpectedSyntax
SyntaxError (UnexpectedSyntax): linenumber() needs a LOAD CSV before it, with no WITH between
1 | MATCH (n) RETURN linenumber() AS line
  |                  ^^^^^^^^^^^^
hint: name it in the WITH: WITH row, linenumber() AS line
