-- case distinct ends of three steps
-- setup
UNWIND range(1, 20) AS i CREATE (:P {id: i});
MATCH (a:P), (b:P) WHERE a.id < b.id CREATE (a)-[:K]->(b);
-- query
MATCH (p:P {id: 1})-[:K]->()-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n
-- rows
n
17
-- visits 231

-- case a relationship is not used twice on the way to a distinct end
-- setup
CREATE (a:P {id: 1}), (b:P {id: 2}), (c:P {id: 3}), (a)-[:K]->(b), (b)-[:K]->(a), (b)-[:K]->(c);
-- query
MATCH (p:P {id: 1})-[:K]->()-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n
-- rows
n
0

-- case a parallel relationship is another one
-- setup
CREATE (a:P {id: 1}), (b:P {id: 2}), (a)-[:K]->(b), (b)-[:K]->(a), (a)-[:K]->(b);
-- query
MATCH (p:P {id: 1})-[:K]->()-[:K]->()-[:K]->(f) RETURN DISTINCT f.id AS id
-- rows
id
2

-- case a loop is used once
-- setup
CREATE (a:P {id: 1}), (a)-[:K]->(a), (a)-[:K]->(:P {id: 2});
-- query
MATCH (p:P {id: 1})-[:K]-()-[:K]-(f) RETURN f.id AS id, count(DISTINCT f) AS n
-- rows
id | n
2 | 1

-- case distinct ends under a condition on them
-- setup
UNWIND range(1, 5) AS i CREATE (:P {id: i});
MATCH (a:P), (b:P) WHERE a.id <> b.id CREATE (a)-[:K]->(b);
-- query
MATCH (p:P {id: 1})-[:K]-()-[:K]-(f:P) WHERE f.id > 3 RETURN DISTINCT f.id AS id ORDER BY id DESC LIMIT 1
-- rows
id
5

-- case how often counts is not forgotten
-- setup
CREATE (a:P {id: 1}), (b:P), (c:P), (d:P), (a)-[:K]->(b)-[:K]->(d), (a)-[:K]->(c)-[:K]->(d);
-- query
MATCH (p:P {id: 1})-[:K]->()-[:K]->(f) RETURN count(DISTINCT f) AS n, count(f) AS m
-- rows
n | m
1 | 2

-- case whom a path of any length reaches
-- setup
UNWIND range(1, 14) AS i CREATE (:P {id: i});
MATCH (a:P), (b:P) WHERE a.id < b.id AND b.id <= a.id + 3 CREATE (a)-[:K]->(b);
-- query
MATCH (p:P {id: 1})-[:K*]->(f) RETURN count(DISTINCT f) AS n
-- rows
n
13
-- visits 44

-- case whom at most two steps reach, the beginning too when something leads back
-- setup
CREATE (a:P {id: 1}), (b:P {id: 2}), (c:P {id: 3}), (a)-[:K]->(b), (b)-[:K]->(a), (b)-[:K]->(c), (c)-[:K]->(:P {id: 4});
-- query
MATCH (p:P {id: 1})-[:K*1..2]->(f) RETURN DISTINCT f.id AS id ORDER BY id
-- rows
id
1
2
3

-- case without direction one does not come back over the same relationship
-- setup
CREATE (:P {id: 1})-[:K]->(:P {id: 2});
-- query
MATCH (p:P {id: 1})-[:K*1..2]-(f) RETURN DISTINCT f.id AS id
-- rows
id
2
