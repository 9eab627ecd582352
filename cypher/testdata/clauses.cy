-- case optional match keeps rows without a match
-- setup
CREATE (a:P {n: 1})-[:K]->(:P {n: 2}), (:P {n: 3});
-- query in order
MATCH (a:P) OPTIONAL MATCH (a)-[:K]->(b) RETURN a.n AS a, b.n AS b ORDER BY a
-- rows
a | b
1 | 2
2 | null
3 | null

-- case optional match with a filter on the outer row only
-- setup
CREATE (:P {n: 1})-[:K]->(:P {n: 2});
-- query in order
MATCH (a:P) OPTIONAL MATCH (b:P) WHERE a.n = 1 AND b.n = 2 RETURN a.n AS a, b.n AS b ORDER BY a
-- rows
a | b
1 | 2
2 | null

-- case a clause does not see what a later one writes
-- setup
UNWIND range(1, 3000) AS i CREATE (:A {i: i});
-- query
MATCH (a:A) CREATE (:A) WITH count(*) AS made MATCH (a:A) RETURN made, count(a) AS n
-- rows
made | n
3000 | 6000

-- case writes happen below a limit
-- query
UNWIND [1, 2, 3] AS i CREATE (n:L {i: i}) WITH n LIMIT 0 RETURN n
-- rows
n

-- case merge sees what earlier rows of it made
-- query
UNWIND [1, 1, 2, 1, 2] AS x MERGE (n:M {x: x}) ON CREATE SET n.made = 1 ON MATCH SET n.met = coalesce(n.met, 0) + 1 WITH DISTINCT n RETURN n.x AS x, n.made AS made, n.met AS met
-- rows
x | made | met
1 | 1 | 2
2 | 1 | 1

-- case swapping properties
-- setup
CREATE (:S {a: 1, b: 2});
-- query
MATCH (s:S) WITH s, s.a AS a, s.b AS b SET s.a = b, s.b = a RETURN s.a AS a, s.b AS b
-- rows
a | b
2 | 1

-- case deleting relationships and their nodes in one clause, in any order
-- setup
CREATE (:D)-[:K]->(:D)-[:K]->(:D);
-- query
MATCH (n:D) OPTIONAL MATCH (n)-[r]-() DELETE n, r RETURN count(*) AS rows
-- rows
rows
4

-- case a connected node cannot be deleted
-- setup
CREATE (:D)-[:K]->(:D);
-- query
MATCH (n:D) DELETE n
-- error ConstraintVerificationFailed DeleteConnectedNode

-- case a node and later its relationships
-- setup
CREATE (:D {i: 1})-[:K]->(:D {i: 2})-[:K]->(:E {i: 3});
-- query
MATCH (n:D)-[r]-() DELETE n WITH DISTINCT r DELETE r WITH count(*) AS c MATCH (m) RETURN c, m.i AS left
-- rows
c | left
2 | 3

-- case a relationship that stays fails the statement at its end
-- setup
CREATE (:D)-[:K]->(:D)-[:L]->(:E);
-- query
MATCH (n:D)-[r]-() DELETE n WITH r WHERE type(r) = 'K' DELETE r
-- error ConstraintVerificationFailed DeleteConnectedNode

-- case a node and later its neighbour with all its relationships
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D)-->(m) DELETE n WITH m DETACH DELETE m WITH 1 AS x MATCH (a) RETURN count(a) AS n
-- rows
n
0

-- case a deleted node whose relationships are still there has no properties
-- setup
CREATE (:D {i: 1})-[:K]->(:E);
-- query
MATCH (n:D)-[r]-() DELETE n WITH n, r, n.i AS i DELETE r RETURN i
-- error EntityNotFound DeletedEntityAccess

-- case a deleted node whose relationships are still there cannot be changed
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D)-[r]-() DELETE n SET n.i = 1 DELETE r
-- error EntityNotFound DeletedEntityAccess

-- case a deleted node whose relationships are still there gets no label
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D)-[r]-() DELETE n SET n:F DELETE r
-- error EntityNotFound DeletedEntityAccess

-- case a deleted node whose relationships are still there cannot be joined
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D)-[r]->(m) DELETE n CREATE (m)-[:K]->(n) DELETE r
-- error EntityNotFound DeletedEntityAccess

-- case a deleted node whose relationships are still there is not found
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D)-[r]->(m) DELETE n WITH r, m OPTIONAL MATCH (x:D) OPTIONAL MATCH (m)--(y) WITH r, count(x) AS x, count(y) AS y DELETE r RETURN x, y
-- rows
x | y
0 | 0

-- case detach delete
-- setup
CREATE (:D)-[:K]->(:E);
-- query
MATCH (n:D) DETACH DELETE n WITH count(*) AS c MATCH (m) RETURN c, labels(m) AS l
-- rows
c | l
1 | ['E']

-- case union
-- query
RETURN 1 AS x UNION RETURN 1 AS x UNION RETURN 'a' AS x
-- rows
x
1
'a'

-- case relationships of one clause differ
-- setup
CREATE (a:T)-[:K]->(b:T)-[:K]->(c:T);
-- query
MATCH (x)-[r]-(y)-[s]-(z) RETURN count(*) AS n
-- rows
n
2

-- case variable length from either end, and a named path
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:K]->(:V {n: 2})-[:K]->(:V {n: 3});
-- query
MATCH p = (a {n: 0})-[*2..3]->(b) RETURN length(p) AS l, [n IN nodes(p) | n.n] AS ns
-- rows
l | ns
2 | [0, 1, 2]
3 | [0, 1, 2, 3]

-- case shortest path
-- setup
CREATE (a:W {n: 0})-[:K]->(b:W {n: 1})-[:K]->(c:W {n: 2})-[:K]->(d:W {n: 3}), (a)-[:K]->(x:W {n: 9})-[:K]->(d);
-- query
MATCH (a {n: 0}), (d {n: 3}), p = shortestPath((a)-[:K*]->(d)) RETURN [n IN nodes(p) | n.n] AS ns
-- rows
ns
[0, 9, 3]

-- case all shortest paths
-- setup
CREATE (a:W {n: 0}), (d:W {n: 3}) CREATE (a)-[:K]->(:W {n: 1})-[:K]->(d) CREATE (a)-[:K]->(:W {n: 2})-[:K]->(d) CREATE (a)-[:K]->(:W)-[:K]->(:W)-[:K]->(d);
-- query
MATCH (a {n: 0}), (d {n: 3}), p = allShortestPaths((a)-[:K*]->(d)) RETURN nodes(p)[1].n AS via
-- rows
via
1
2

-- case exists, count and collect subqueries
-- setup
CREATE (a:Q {n: 1})-[:K]->(:Q {n: 2}), (a)-[:K]->(:Q {n: 3});
-- query
MATCH (q:Q) WHERE EXISTS { (q)-->() } RETURN COUNT { (q)-->() } AS c, COLLECT { MATCH (q)-->(x) RETURN x.n ORDER BY x.n } AS xs
-- rows
c | xs
2 | [2, 3]

-- case call subquery and foreach
-- query
UNWIND [1, 2] AS i CALL { WITH i UNWIND range(1, i) AS j RETURN sum(j) AS s } FOREACH (k IN range(1, s) | CREATE (:F {i: i})) WITH sum(s) AS s MATCH (f:F) RETURN s, count(f) AS n
-- rows
s | n
4 | 4

-- case top k is the beginning of the whole order
-- query in order
UNWIND range(1, 20000) AS i WITH i, (i * 7919) % 20011 AS k RETURN k ORDER BY k DESC SKIP 2 LIMIT 3
-- rows
k
20008
20007
20006

-- case grouping on lists with null
-- query
UNWIND [[1, null], [1.0, null], [2]] AS l RETURN l[0] = 1 AS one, count(*) AS n
-- rows
one | n
true | 2
false | 1

-- case writes happen below a limit in a subquery
-- query
UNWIND [1, 2] AS i CALL { WITH i CREATE (n:Sub {i: i}) WITH n LIMIT 0 RETURN n } RETURN n
-- rows
n

-- case and they did
-- setup
UNWIND [1, 2] AS i CALL { WITH i CREATE (n:Sub {i: i}) WITH n LIMIT 0 RETURN n.i AS k } RETURN k;
-- query
MATCH (n:Sub) RETURN count(*) AS n
-- rows
n
2

-- case a subquery that never runs writes nothing
-- setup
UNWIND [] AS i CALL { WITH i CREATE (n:Sub {i: i}) WITH n RETURN n.i AS k } RETURN k;
-- query
MATCH (n:Sub) RETURN count(*) AS n
-- rows
n
0

-- case load lists of rows with relationships
-- setup
CREATE INDEX FOR (p:P) ON (p.id);
UNWIND range(1, 50) AS i CREATE (:P {id: i});
-- query
UNWIND range(1, 49) AS i MATCH (a:P {id: i}), (b:P {id: i + 1}) CREATE (a)-[r:NEXT {w: i}]->(b) RETURN sum(r.w) AS w, count(*) AS n
-- rows
w | n
1225 | 49

-- case pattern comprehension inside a list comprehension
-- setup
CREATE (a:Z {n: 1})-[:K]->(:Z {n: 2}), (a)-[:K]->(:Z {n: 3});
-- query
MATCH (z:Z) WITH collect(z) AS zs RETURN [x IN zs WHERE (x)-->() | size([(x)-->(y) | y.n])] AS l
-- rows
l
[2]

-- case map projection and label expressions
-- setup
CREATE (:A:B {x: 1, y: 2}), (:A {x: 3});
-- query in order
MATCH (n:A&!B) RETURN n {.x, n: 1} AS m UNION ALL MATCH (n:A&B) RETURN n {.*} AS m
-- rows
m
{n: 1, x: 3}
{x: 1, y: 2}

-- case a long list is sorted, equal keys as they came
-- setup
UNWIND range(1, 3000) AS i CREATE (:S {k: (i * 7919) % 50, i: i});
-- query
MATCH (s:S) WITH s.k AS k, s.i AS i ORDER BY k DESC WITH collect(k * 10000 + i) AS all RETURN all[0] AS a, all[59] AS b, all[60] AS c, all[2999] AS d, reduce(ok = true, j IN range(1, 2999) | ok AND (all[j-1] / 10000 > all[j] / 10000 OR all[j-1] / 10000 = all[j] / 10000 AND all[j-1] < all[j])) AS ok
-- rows
a | b | c | d | ok
490021 | 492971 | 480042 | 3000 | true

-- case finish ends a query without rows
-- setup
UNWIND [1, 2] AS i CREATE (:Fin {i: i}) FINISH;
-- query
MATCH (f:Fin) RETURN count(*) AS n
-- rows
n
2

-- case a variable of a comprehension hides one that is a column, in ORDER BY
-- query in order
UNWIND [1, 2] AS x RETURN DISTINCT x + 1 AS y ORDER BY head([x IN [0] | x + 1]), y DESC
-- rows
y
3
2

-- case a variable of reduce hides one that is a column, in ORDER BY
-- query in order
UNWIND [1, 2] AS x RETURN x + 1 AS y ORDER BY reduce(s = 0, x IN [1] | s + (x + 1)), y DESC
-- rows
y
3
2

-- case a variable of a comprehension hides one that groups
-- setup
CREATE (:T {x: 1});
-- query in order
MATCH (n:T) RETURN n.x AS a, count(*) + head([n IN [{x: 5}] | n.x]) AS b ORDER BY count(*) + head([n IN [{x: 5}] | n.x])
-- rows
a | b
1 | 6

-- case a variable that is distinct under another name orders rows
-- query in order
UNWIND [2, 3, 1, 2] AS x WITH DISTINCT x AS y ORDER BY x DESC RETURN y
-- rows
y
3
2
1

-- case a variable that groups under another name orders rows
-- query in order
UNWIND [2, 3, 1, 2] AS x RETURN x AS y, count(*) AS n ORDER BY -x
-- rows
y | n
3 | 1
2 | 2
1 | 1

-- case a relationship of a type that the statement creates is found in it
-- query
CREATE (a:T)-[:NEW]->(b)-[:NEW]->(c)-[:NEW]->(a) WITH a, b MATCH (a)-[:NEW]->(x)-[r:NEW]->(y) RETURN count(*) AS n
-- rows
n
1

-- case a path of relationships of a type that the statement creates
-- query
CREATE (a:T)-[:NEW]->(b)-[:NEW]->(c:E) WITH a MATCH (a)-[:NEW*2]->(c) RETURN labels(c) AS l
-- rows
l
['E']

-- case a triangle of relationships of a type that the statement creates
-- query
CREATE (a:T)-[:NEW]->(b)-[:NEW]->(c)-[:NEW]->(a) WITH a MATCH (a)-[:NEW]->(x)-[:NEW]->(y)-[:NEW]->(a) RETURN count(*) AS n
-- rows
n
1

-- case the shortest paths along relationships of types that the statement creates
-- query
CREATE (a:T)-[:NEW]->(b)-[:NEWER]->(c:E) WITH a MATCH p = ANY SHORTEST (a)-[:NEW|NEWER*]->(c:E) MATCH q = ANY SHORTEST (a)-[:NEW]->(x)-[:NEWER]->(c) RETURN length(p) AS p, length(q) AS q
-- rows
p | q
2 | 2

-- case a bound relationship of a type that the statement creates
-- query
CREATE (a:T)-[r:NEW]->(b) WITH r MATCH (x)-[r:NEW]->(y) RETURN labels(x) AS l
-- rows
l
['T']

-- case foreach creates relationships of nodes from outside
-- setup
CREATE (:P {n: 1}), (:Q {n: 2});
-- query
MATCH (a:P), (b:Q) FOREACH (i IN [1, 2] | CREATE (a)-[:K {i: i}]->(b)) WITH count(*) AS c MATCH (x)-[r:K]->(y) RETURN x.n AS x, r.i AS i, y.n AS y
-- rows
x | i | y
1 | 1 | 2
1 | 2 | 2

-- case foreach in foreach and in a subquery creates and merges relationships of nodes from outside
-- setup
CREATE (:P {n: 1}), (:P {n: 2});
-- query
MATCH (a:P) CALL (a) { FOREACH (i IN [1, 2] | CREATE (a)-[:K]->(c:C) FOREACH (j IN [1, 1] | MERGE (a)-[:L]->(d:D) CREATE (c)-[:M]->(a))) } MATCH (x)-[r]->(y) RETURN DISTINCT labels(x) AS x, type(r) AS r, labels(y) AS y, count(*) / 2 AS n
-- rows
x | r | y | n
['P'] | 'K' | ['C'] | 4
['P'] | 'L' | ['D'] | 2
['C'] | 'M' | ['P'] | 8
