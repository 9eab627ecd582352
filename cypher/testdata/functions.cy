-- case points and distances
-- query
WITH point({x: 1, y: 2}) AS a, point({x: 4, y: 6}) AS b, point({x: 1, y: 2, z: 3}) AS c, point({longitude: 12.5, latitude: 55.7}) AS d RETURN point.distance(a, b) AS ab, point.distance(a, c) AS ac, a.x AS x, c.z AS z, a.z AS az, d.latitude AS lat, d.crs AS crs, c.srid AS srid, toString(a) AS t, a = point({x: 1.0, y: 2, crs: 'Cartesian'}) AS same
-- rows
ab | ac | x | z | az | lat | crs | srid | t | same
5.0 | null | 1.0 | 3.0 | null | 55.7 | 'wgs-84' | 9157 | 'point({x: 1.0, y: 2.0, crs: 'cartesian'})' | true

-- case the way from Copenhagen to Malmö, in kilometres
-- query
RETURN round(point.distance(point({longitude: 12.564590, latitude: 55.672874}), point({longitude: 12.994341, latitude: 55.611784})) / 1000, 1) AS km
-- rows
km
27.8

-- case points as properties, and boxes
-- setup
CREATE (:Shop {n: 1, at: point({longitude: 179, latitude: 10})}), (:Shop {n: 2, at: point({longitude: -179, latitude: 10})}), (:Shop {n: 3, at: point({longitude: 0, latitude: 10})}), (:Shop {n: 4, at: point({x: 0, y: 10})});
-- query
MATCH (s:Shop) WHERE point.withinBBox(s.at, point({longitude: 170, latitude: 0}), point({longitude: -170, latitude: 20})) RETURN s.n AS n, s.at.longitude AS lon
-- rows
n | lon
1 | 179.0
2 | -179.0

-- case a point without y
-- query
WITH {x: 1} AS m RETURN point(m)
-- error ArgumentError InvalidArgumentValue

-- case a point of null
-- query
RETURN point({x: 1, y: null}) AS p, point(null) AS q
-- rows
p | q
null | null

-- case a latitude beyond the pole
-- query
RETURN point({longitude: 0, latitude: 91})
-- error ArgumentError InvalidArgumentValue

-- case type predicates
-- query
UNWIND [1, 1.5, 'a', true, null, [1, 2], [1, null], [], {a: 1}, date('2024-01-01'), point({x: 1, y: 2})] AS v RETURN [v IS :: INTEGER, v IS TYPED STRING NOT NULL, v :: LIST<INTEGER NOT NULL>, v IS NOT :: ANY NOT NULL, v IS :: INTEGER | FLOAT, v IS :: PROPERTY VALUE] AS l
-- rows
l
[true, false, false, false, true, true]
[false, false, false, false, true, true]
[false, true, false, false, false, true]
[false, false, false, false, false, true]
[true, false, true, true, true, true]
[false, false, true, false, false, true]
[false, false, false, false, false, false]
[false, false, true, false, false, true]
[false, false, false, false, false, false]
[false, false, false, false, false, true]
[false, false, false, false, false, true]

-- case valueType
-- setup
CREATE (:N)-[:R]->(:N);
-- query
MATCH p = (n)-[r]->() RETURN [v IN [1, 1.5, 'a', null, [], [1, 'a', 2], [1, null], [[1], 2], {a: 1}, datetime('2024-01-01T00:00Z'), n, r, p, point({x: 1, y: 1})] | valueType(v)] AS t
-- rows
t
['INTEGER NOT NULL', 'FLOAT NOT NULL', 'STRING NOT NULL', 'NULL', 'LIST<NOTHING> NOT NULL', 'LIST<STRING NOT NULL | INTEGER NOT NULL> NOT NULL', 'LIST<INTEGER> NOT NULL', 'LIST<INTEGER NOT NULL | LIST<INTEGER NOT NULL> NOT NULL> NOT NULL', 'MAP NOT NULL', 'ZONED DATETIME NOT NULL', 'NODE NOT NULL', 'RELATIONSHIP NOT NULL', 'PATH NOT NULL', 'POINT NOT NULL']

-- case conversions that give null instead of an error
-- query
RETURN [toIntegerOrNull('a'), toIntegerOrNull([1]), toFloatOrNull('1.5'), toBooleanOrNull('x'), toStringOrNull({a: 1})] AS a, toIntegerList(['1', 2.7, 'x', null]) AS b, toBooleanList(['true', 1, 'no']) AS c, toFloatList(['1', 2]) AS d, toStringList([1, true]) AS e
-- rows
a | b | c | d | e
[null, null, 1.5, null, null] | [1, 2, null, null] | [true, true, null] | [1.0, 2.0] | ['1', 'true']

-- case strings
-- query
RETURN char_length('naïve') AS n, split('a,b;c', [',', ';']) AS s, left('hello', 2) + right('hello', 2) AS lr, btrim('xxaxx', 'x') AS b, ltrim('  a ') AS l, substring('hello', 1, 3) AS sub, replace('aXbX', 'X', '-') AS r, reverse('abc') AS rev, toUpper('naïve') AS up, isEmpty('') AS e
-- rows
n | s | lr | b | l | sub | r | rev | up | e
5 | ['a', 'b', 'c'] | 'helo' | 'a' | 'a ' | 'ell' | 'a-b-' | 'cba' | 'NAÏVE' | true

-- case trim with words
-- query
RETURN trim(BOTH 'x' FROM 'xxaxx') AS a, trim(LEADING FROM '  b ') AS b, trim(TRAILING 'y' FROM 'cyy') AS c, trim('  d ') AS d
-- rows
a | b | c | d
'a' | 'b ' | 'c' | 'd'

-- case numbers
-- query
RETURN round(2.5) AS a, round(-2.345, 2) AS b, round(2.45, 1, 'DOWN') AS c, round(-1.5, 0, 'HALF_EVEN') AS d, round(1.21, 1, 'UP') AS e, ceil(1.2) AS f, sign(-3) AS g, isNaN(0.0 / 0.0) AS h, round(cot(1), 4) AS i, round(haversin(1), 4) AS j, round(atan2(1, 2), 4) AS k, power(2, 10) AS l, round(degrees(pi()), 1) AS m
-- rows
a | b | c | d | e | f | g | h | i | j | k | l | m
3.0 | -2.35 | 2.4 | -2.0 | 1.3 | 2.0 | -1 | true | 0.6421 | 0.2298 | 0.4636 | 1024.0 | 180.0

-- case lists
-- query
RETURN reduce(s = 0, x IN [1, 2, 3] | s + x) AS sum, head([1, 2]) AS h, last([1, 2]) AS l, tail([1, 2]) AS t, reverse([1, 2]) AS r, range(0, 6, 3) AS g, isEmpty([]) AS e, size([1, 2]) AS n, coalesce(null, 2) AS c, nullIf(1, 1) AS i, single(x IN [1, 2] WHERE x = 1) AS s
-- rows
sum | h | l | t | r | g | e | n | c | i | s
6 | 1 | 2 | [2] | [2, 1] | [0, 3, 6] | true | 2 | 2 | null | true

-- case aggregates
-- query
UNWIND [1, 2, 3, 4] AS x RETURN percentileCont(x, 0.5) AS c, percentileDisc(x, 0.5) AS d, round(stDev(x), 4) AS s, round(stDevP(x), 4) AS p, collect(x) AS l, avg(x) AS a
-- rows
c | d | s | p | l | a
2.5 | 2 | 1.291 | 1.118 | [1, 2, 3, 4] | 2.5

-- case identities
-- setup
CREATE (:N {n: 1}), (:N {n: 2});
-- query
MATCH (a:N {n: 2}) WITH elementId(a) AS e, a MATCH (b) WHERE elementId(b) = e RETURN b.n AS n, id(a) = id(b) AS same, size(randomUUID()) AS u
-- rows
n | same | u
2 | true | 36

-- case map projection of every kind
-- setup
CREATE (:M {a: 1, b: 2})-[:R {w: 5}]->(:M {a: 3});
-- query
MATCH (m:M {a: 1})-[r]->(o) WITH m, r, o, 7 AS x RETURN m {.a, .missing, x, o: o.a, other: o {.*}} AS p, r {.*, x} AS q
-- rows
p | q
{a: 1, missing: null, o: 3, other: {a: 3}, x: 7} | {w: 5, x: 7}

-- case regular expressions match whole strings
-- query
UNWIND ['abc', 'ABC', 'xabcx', 'ab', 'a.c', null] AS s RETURN s =~ 'a.c' AS a, s =~ '(?i)A[b-c]+' AS b, s =~ '.*b.*' AS c, s =~ '\\w{2}' AS d
-- rows
a | b | c | d
true | true | true | false
false | true | false | false
false | false | true | false
false | true | true | true
true | false | false | false
null | null | null | null

-- case regular expressions that need some more
-- query
UNWIND [['color', 'colou?r'], ['2024-01-31', '\\d{4}-(0[1-9]|1[0-2])-\\d{2}'], ['a\nb', '(?s)a.b'], ['a\nb', 'a.b'], ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaac', '(a*)*b'], ['Ärger', '(?i)\\p{Lu}r[^x-z]+'], ['foo bar', '\\w+\\b.\\bbar'], ['', 'a*'], ['ab', '(?:a|ab)(?:b|)'], ['x]', '[]x]{2}'], ['ÄB', '(?i)äb'], ['aXb', 'a(?i:x)b']] AS p RETURN p[0] =~ p[1] AS m
-- rows
m
true
true
true
false
false
true
true
true
true
true
true
true

-- case a regular expression that is none
-- query
RETURN 'a' =~ '(a'
-- error ArgumentError InvalidArgumentValue

-- case a regular expression that would be too long
-- query
RETURN 'a' =~ '((((((){9999}){9999}){9999}){9999}){9999})'
-- error ArgumentError InvalidArgumentValue

-- case normal forms of Unicode
-- query
WITH 'e\u0301' AS e, '\u212B' AS angstrom, '\uFB01' AS fi RETURN normalize(e) = '\u00e9' AS nfc, size(normalize('\u00e9', NFD)) AS nfd, normalize(angstrom) = '\u00c5' AS singleton, normalize(fi, NFC) = fi AS kept, normalize(fi, nfkc) AS nfkc, normalize(fi, NFKD) AS nfkd, normalize('plain') AS plain, normalize(null) AS n
-- rows
nfc | nfd | singleton | kept | nfkc | nfkd | plain | n
true | 2 | true | true | 'fi' | 'fi' | 'plain' | null

-- case IS NORMALIZED
-- query
UNWIND ['\u00e9', 'e\u0301', '\uFB01', 'a', 1, null] AS s RETURN s IS NORMALIZED AS nfc, s IS NOT NORMALIZED AS other, s IS NFD NORMALIZED AS nfd, s IS NFKC NORMALIZED AS nfkc, s IS NOT NFKD NORMALIZED AS notNfkd
-- rows
nfc | other | nfd | nfkc | notNfkd
true | false | false | true | true
false | true | true | false | false
true | false | true | false | true
true | false | true | true | false
null | null | null | null | null
null | null | null | null | null

-- case a normal form that there is not
-- query
RETURN normalize('\u00e9', 'NFX') AS x
-- error ArgumentError InvalidArgumentValue
ArgumentError (InvalidArgumentValue): normalize() knows NFC, NFD, NFKC and NFKD, not NFX
1 | RETURN normalize('\u00e9', 'NFX') AS x
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^
