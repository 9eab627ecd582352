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
