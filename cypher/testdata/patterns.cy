-- case a quantified relationship
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:K]->(:V {n: 2})-[:K]->(:V {n: 3});
-- query
MATCH p = (a {n: 0})-[r:K]->{2,3}(b) RETURN b.n AS b, size(r) AS r, length(p) AS l, [n IN nodes(p) | n.n] AS ns
-- rows
b | r | l | ns
2 | 2 | 2 | [0, 1, 2]
3 | 3 | 3 | [0, 1, 2, 3]

-- case a quantified relationship with a condition, from the right end
-- setup
CREATE (:V {n: 0})-[:K {w: 1}]->(:V {n: 1})-[:K {w: 5}]->(:V {n: 2})-[:K {w: 6}]->(:V {n: 3});
-- query
MATCH p = (a)-[r:K WHERE r.w > 4]->+(b {n: 3}) RETURN a.n AS a, [x IN r | x.w] AS ws, [n IN nodes(p) | n.n] AS ns
-- rows
a | ws | ns
2 | [6] | [2, 3]
1 | [5, 6] | [1, 2, 3]

-- case WHERE inside a relationship of variable length is about each of them
-- setup
CREATE (:V {n: 0})-[:K {w: 1}]->(:V {n: 1})-[:K {w: 5}]->(:V {n: 2})-[:K {w: 6}]->(:V {n: 3});
-- query
MATCH (a)-[r:K* WHERE r.w > 4]->(b) RETURN a.n AS a, b.n AS b, size(r) AS n
-- rows
a | b | n
1 | 2 | 1
1 | 3 | 2
2 | 3 | 1

-- case WHERE inside nodes and relationships
-- setup
CREATE (:V {n: 0})-[:K {w: 1}]->(:V {n: 1})-[:K {w: 5}]->(:V {n: 2});
-- query
MATCH (a WHERE a.n < 2)-[r WHERE r.w > a.n]->(b:V WHERE b.n > 1) RETURN a.n AS a, b.n AS b
-- rows
a | b
1 | 2

-- case a group is repeated, and its variables are lists
-- setup
CREATE (:V {n: 0})-[:K {w: 1}]->(:V {n: 1})-[:K {w: 5}]->(:V {n: 2})-[:K {w: 6}]->(:V {n: 3});
-- query
MATCH p = (a {n: 0}) ((x)-[r:K]->(y) WHERE y.n > x.n){1,2} (b) RETURN b.n AS b, [i IN x | i.n] AS xs, [i IN y | i.n] AS ys, [i IN r | i.w] AS ws, length(p) AS l
-- rows
b | xs | ys | ws | l
1 | [0] | [1] | [1] | 1
2 | [0, 1] | [1, 2] | [1, 5] | 2

-- case a group of two relationships, walked from its right end
-- setup
CREATE (:P {n: 0})-[:IN]->(:G {g: 1})<-[:IN]-(:P {n: 1})-[:IN]->(:G {g: 2})<-[:IN]-(:P {n: 2});
-- query
MATCH (a:P) ((x:P)-[:IN]->(g)<-[:IN]-(y:P)){2} (b:P {n: 2}) RETURN a.n AS a, [i IN g | i.g] AS gs, [i IN x | i.n] AS xs, [i IN y | i.n] AS ys
-- rows
a | gs | xs | ys
0 | [1, 2] | [0, 1] | [1, 2]

-- case a group may be repeated no time at all
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1});
-- query
MATCH (a:V) ((x)-[:K]->(y:V)){0,} (b) RETURN a.n AS a, b.n AS b, size(x) AS n
-- rows
a | b | n
0 | 0 | 0
0 | 1 | 1
1 | 1 | 0

-- case a group uses no relationship twice, so circles end
-- setup
CREATE (a:V {n: 0})-[:K]->(b:V {n: 1})-[:K]->(a);
-- query
MATCH (a:V {n: 0}) ((x:V)-[r]->(y:V))+ (b) RETURN b.n AS b, size(r) AS n
-- rows
b | n
1 | 1
0 | 2

-- case a group between two bound ends, without anything at its own ends
-- setup
CREATE (a:V {n: 0})-[:K]->(b:V {n: 1})-[:K]->(c:V {n: 2}), (a)-[:L]->(c);
-- query
MATCH (a {n: 0}), (c {n: 2}) MATCH p = (a) ((:V)-[:K|L]->(:V))+ (c) RETURN length(p) AS l
-- rows
l
1
2

-- case a group with nothing beside it
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:K]->(:V {n: 2});
-- query
MATCH p = ((a:V)-[:K]->(b:V)){2} RETURN [i IN nodes(p) | i.n] AS ns, [i IN b | i.n] AS bs
-- rows
ns | bs
[0, 1, 2] | [1, 2]

-- case two groups side by side
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:L]->(:V {n: 2})-[:L]->(:V {n: 3});
-- query
MATCH p = (a {n: 0}) (()-[:K]->(:V))+ (()-[:L]->(:V)){1,2} (b) RETURN b.n AS b, length(p) AS l
-- rows
b | l
2 | 2
3 | 3

-- case groups in groups
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:L]->(:V {n: 2})-[:K]->(:V {n: 3})-[:L]->(:V {n: 4});
-- query
MATCH p = (a {n: 0}) ((x)-[:K]->() (()-[:L]->(:V))+ (y)){2} (b) RETURN b.n AS b, length(p) AS l, [i IN x | i.n] AS xs
-- rows
b | l | xs
4 | 4 | [0, 2]

-- case a group with a path of its own and outer variables in its condition
-- setup
CREATE (:V {n: 0})-[:K {w: 1}]->(:V {n: 1})-[:K {w: 5}]->(:V {n: 2});
-- query
UNWIND [0, 3] AS least MATCH (a {n: 0}) (q = (x)-[r:K]->(y) WHERE r.w > least)+ (b) RETURN least, b.n AS b, [i IN q | length(i)] AS qs
-- rows
least | b | qs
0 | 1 | [1]
0 | 2 | [1, 1]

-- case relationships of a group differ from the others of the clause
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1});
-- query
MATCH (a)-[r:K]->(b), (c) ((:V)-[:K]->(:V))+ (d) RETURN count(*) AS n
-- rows
n
0

-- case a group in EXISTS, in a predicate and in a comprehension
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:K]->(:V {n: 2});
-- query
MATCH (a:V) WHERE EXISTS { (a) ((:V)-[:K]->(:V)){2} () } AND EXISTS { (a)-[:K]->{2}() } RETURN a.n AS a, [(a)-[x:K]->+(b:V) | size(x)] AS l
-- rows
a | l
0 | [1, 2]

-- case optional match of a group
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1});
-- query
MATCH (a:V) OPTIONAL MATCH (a) ((x:V)-[:K]->(y:V))+ (b) RETURN a.n AS a, b.n AS b, size(x) AS n
-- rows
a | b | n
0 | 1 | 1
1 | null | null

-- case parentheses without a quantifier
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:K]->(:V {n: 2});
-- query
MATCH (p = (a)-[:K]->(b) WHERE a.n > 0) RETURN a.n AS a, b.n AS b, length(p) AS l
-- rows
a | b | l
1 | 2 | 1

-- case a group does not see what comes after it
-- query
MATCH (a) ((x)-[:K]->(y) WHERE y.n < b.n)+ (b) RETURN a
-- error SyntaxError UndefinedVariable

-- case a group without a relationship
-- query
MATCH (a) ((x)){2} (b) RETURN a
-- error SyntaxError UnexpectedSyntax

-- case type expressions
-- setup
CREATE (a:V)-[:K {n: 1}]->(b:V), (a)-[:L {n: 2}]->(b), (a)-[:M {n: 3}]->(b);
-- query
MATCH (:V)-[r:!K&!L]->(:V) RETURN r.n AS n UNION ALL MATCH (:V)-[r:K|(L&!M)]->(:V) RETURN r.n AS n UNION ALL MATCH ()-[r:%]->() WHERE r:K RETURN r.n * 10 AS n
-- rows
n
3
1
2
10

-- case type expressions in variable length
-- setup
CREATE (:V {n: 0})-[:K]->(:V {n: 1})-[:L]->(:V {n: 2})-[:M]->(:V {n: 3});
-- query
MATCH p = (a {n: 0})-[rs:!M*]->(b) RETURN b.n AS b, [r IN rs | type(r)] AS ts
-- rows
b | ts
1 | ['K']
2 | ['K', 'L']

-- case label expressions
-- setup
CREATE (:A {n: 1}), (:B {n: 2}), (:A:B {n: 3}), (:C {n: 4}), ({n: 5});
-- query
MATCH (x:(A|B)&!(A&B)) RETURN x.n AS n UNION ALL MATCH (x:!%) RETURN x.n AS n UNION ALL MATCH (x IS C) RETURN x.n AS n UNION ALL MATCH (x) WHERE x:A&B RETURN x.n AS n
-- rows
n
1
2
5
4
3

-- case labels and types that are computed
-- setup
CREATE (:A {n: 1})-[:K]->(:B {n: 2});
-- query
WITH ['A', 'X'] AS l, 'K' AS t CREATE (c:$(l) {n: 3}) SET c:$('Y' + 'Z') WITH l, t, c MATCH (x:$any(l))-[r:$(t)]->(y) REMOVE c:$(l[1]) RETURN x.n AS x, y.n AS y, labels(c) AS c
-- rows
x | y | c
1 | 2 | ['A', 'YZ']

-- case shortest paths under a condition
-- setup
CREATE (a:W {n: 0})-[:K {w: 1}]->(b:W {n: 1})-[:K {w: 1}]->(c:W {n: 2})-[:K {w: 1}]->(d:W {n: 3}), (a)-[:K {w: 9}]->(x:W {n: 9})-[:K {w: 1}]->(d);
-- query
MATCH (a {n: 0}), (d {n: 3}) MATCH p = shortestPath((a)-[r:K* WHERE r.w < 5]->(d)) RETURN [n IN nodes(p) | n.n] AS ns, size(r) AS n
-- rows
ns | n
[0, 1, 2, 3] | 3

-- case any shortest, all shortest, any, and shortest groups
-- setup
CREATE (a:W {n: 0}), (d:W {n: 3}) CREATE (a)-[:K]->(:W {n: 1})-[:K]->(d) CREATE (a)-[:K]->(:W {n: 2})-[:K]->(d) CREATE (a)-[:K]->(:W)-[:K]->(:W)-[:K]->(d);
-- query
MATCH p = ANY SHORTEST (a {n: 0})-[:K]->+(d {n: 3}) RETURN 'any shortest' AS how, length(p) AS l UNION ALL MATCH p = ALL SHORTEST (a {n: 0})-[r:K]->+(d {n: 3}) RETURN 'all shortest' AS how, size(r) AS l UNION ALL MATCH p = ANY (a {n: 0})-[:!L]->+(d {n: 3}) RETURN 'any' AS how, length(p) AS l UNION ALL MATCH p = SHORTEST GROUP (a {n: 0})-[:K]->*(d {n: 3}) RETURN 'group' AS how, length(p) AS l UNION ALL MATCH p = SHORTEST 1 ((a)-[:K]->+(d) WHERE a.n = 0 AND d.n = 3) RETURN 'where' AS how, length(p) AS l
-- rows
how | l
'any shortest' | 2
'all shortest' | 2
'all shortest' | 2
'any' | 2
'group' | 2
'group' | 2
'where' | 2

-- case union without return
-- setup
CREATE (:U {n: 1}) UNION CREATE (:U {n: 2}) UNION CREATE (:U {n: 2});
-- query
MATCH (u:U) RETURN u.n AS n
-- rows
n
1
2
2

-- case the shortest two paths, the paths of the two shortest lengths, and least lengths
-- setup
CREATE (a:W {n: 0}), (d:W {n: 3}) CREATE (a)-[:K]->(:W {n: 1})-[:K]->(d) CREATE (a)-[:K]->(:W {n: 2})-[:K]->(d) CREATE (a)-[:K]->(:W)-[:K]->(:W)-[:K]->(d), (d)-[:K]->(a);
-- query
MATCH p = SHORTEST 2 (a {n: 0})-[:K]->+(d {n: 3}) RETURN 'two' AS how, length(p) AS l UNION ALL MATCH p = SHORTEST 2 GROUPS (a {n: 0})-[:K]->{1,3}(d {n: 3}) RETURN 'groups' AS how, length(p) AS l UNION ALL MATCH p = ANY SHORTEST (a {n: 0})-[:K]->{3,}(d {n: 3}) RETURN 'long' AS how, length(p) AS l UNION ALL MATCH p = ANY SHORTEST (a {n: 0})-[:K]->+(a) RETURN 'loop' AS how, length(p) AS l UNION ALL MATCH (a {n: 0}), (d {n: 3}) RETURN 'function' AS how, length(shortestPath((a)-[:K*3..]->(d))) AS l UNION ALL MATCH p = SHORTEST 4 (a {n: 1})-[:K*..1]->(d {n: 0}) RETURN 'none' AS how, length(p) AS l
-- rows
how | l
'two' | 2
'two' | 2
'groups' | 2
'groups' | 2
'groups' | 3
'long' | 3
'loop' | 3
'function' | 3

-- case selectors along several relationships
-- setup
CREATE (a:A {n: 0})-[:R]->(b:B {n: 1})-[:S]->(c:C {n: 2})-[:S]->(d:D {n: 3}), (b)-[:R]->(c), (a)-[:S]->(c), (d)-[:R]->(a);
-- query
MATCH p = ANY SHORTEST (:A)-[:R]->(b)-[:S]->+(:D) RETURN 'any' AS how, [n IN nodes(p) | n.n] AS ns, b.n AS x UNION ALL MATCH p = ALL SHORTEST (a:A)-[r:R]->(b)-[s:R|S]->(c)-[:S]->(d:D) RETURN 'all' AS how, [n IN nodes(p) | n.n] AS ns, type(s) AS x UNION ALL MATCH p = SHORTEST 2 GROUPS (a:A)-[q*0..2]->(b)-[:S]->(d:D) RETURN 'groups' AS how, [n IN nodes(p) | n.n] AS ns, size(q) AS x UNION ALL MATCH p = ANY SHORTEST (a:A)-[:R|S]->+(b)-[:R]->(a) RETURN 'round' AS how, [n IN nodes(p) | n.n] AS ns, b.n AS x
-- rows
how | ns | x
'any' | [0, 1, 2, 3] | 1
'all' | [0, 1, 2, 3] | 'R'
'all' | [0, 1, 2, 3] | 'S'
'groups' | [0, 2, 3] | 1
'groups' | [0, 1, 2, 3] | 2
'groups' | [0, 1, 2, 3] | 2
'round' | [0, 2, 3, 0] | 3

-- case selectors over repeated groups, with what stands in them as lists
-- setup
CREATE (a:A {n: 0})-[:R]->(b:B {n: 1})-[:S]->(c:C {n: 2})-[:S]->(d:D {n: 3}), (b)-[:R]->(c), (a)-[:S]->(c), (d)-[:R]->(a);
-- query
MATCH p = SHORTEST 3 (a:A) ((x)-[r]->(y) WHERE x.n < y.n){1,4} (d:D) RETURN [n IN nodes(p) | n.n] AS ns, [v IN x | v.n] AS xs, [v IN y | v.n] AS ys, size(r) AS n UNION ALL MATCH p = ANY (a:A)((x)-->(y)){1,2}((u)-->(v)){1,2}(d:D) RETURN [n IN nodes(p) | n.n] AS ns, [v IN x | v.n] AS xs, [v IN u | v.n] AS ys, length(p) AS n UNION ALL MATCH p = ANY SHORTEST ((a:A)-->(b)-->(c) WHERE b.n = 1 AND a.n < c.n) RETURN [n IN nodes(p) | n.n] AS ns, [] AS xs, [] AS ys, length(p) AS n
-- rows
ns | xs | ys | n
[0, 2, 3] | [0, 2] | [2, 3] | 2
[0, 1, 2, 3] | [0, 1, 2] | [1, 2, 3] | 3
[0, 1, 2, 3] | [0, 1, 2] | [1, 2, 3] | 3
[0, 2, 3] | [0] | [2] | 2
[0, 1, 2] | [] | [] | 2

-- case exists() of a pattern is whether it exists
-- setup
CREATE (:A)-[:S]->(:B);
-- query in order
MATCH (n) RETURN labels(n) AS labels, exists((n)-[:S]->()) AS out, NOT exists((n)<-[:S]-()) AS first ORDER BY labels
-- rows
labels | out | first
['A'] | true | true
['B'] | false | false

-- case exists() of a pattern in WHERE
-- setup
CREATE (:A)-[:S]->(:B);
-- query
MATCH (n) WHERE NOT exists((n)-[:S]->()) RETURN labels(n) AS labels
-- rows
labels
['B']
