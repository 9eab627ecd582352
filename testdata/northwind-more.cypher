CREATE CONSTRAINT Employee_employeeID IF NOT EXISTS FOR (e:Employee) REQUIRE (e.employeeID) IS UNIQUE;
CREATE CONSTRAINT Territory_territoryID IF NOT EXISTS FOR (t:Territory) REQUIRE (t.territoryID) IS UNIQUE;

LOAD CSV WITH HEADERS FROM "https://data.neo4j.com/northwind/employees.csv" AS row
MERGE (e:Employee {employeeID: row.employeeID})
SET e.lastName = row.lastName, e.firstName = row.firstName, e.title = row.title, e.reportsTo = row.reportsTo,
e.hired = date(substring(row.hireDate, 0, 10));

MATCH (e:Employee), (boss:Employee)
WHERE e.reportsTo = boss.employeeID
MERGE (e)-[:REPORTS_TO]->(boss)
REMOVE e.reportsTo;

MATCH (o:Order), (e:Employee)
WHERE o.employeeID = e.employeeID
MERGE (e)-[:SOLD]->(o);

LOAD CSV WITH HEADERS FROM "https://data.neo4j.com/northwind/regions.csv" AS row
CREATE (:Region {regionID: row.regionID, regionDescription: row.regionDescription});

LOAD CSV WITH HEADERS FROM "https://data.neo4j.com/northwind/territories.csv" AS row
MATCH (r:Region {regionID: row.regionID})
CREATE (:Territory {territoryID: row.territoryID, territoryDescription: row.territoryDescription})-[:IN_REGION]->(r);

LOAD CSV WITH HEADERS FROM "https://data.neo4j.com/northwind/employee-territories.csv" AS row
MATCH (e:Employee {employeeID: row.employeeID}), (t:Territory {territoryID: row.territoryID})
MERGE (e)-[:IN_TERRITORY]->(t);

LOAD CSV WITH HEADERS FROM "https://data.neo4j.com/northwind/shippers.csv" AS row
CREATE (s:Shipper) SET s = row
WITH s
MATCH (o:Order {shipVia: s.shipperID})
CREATE (s)-[:SHIPPED]->(o);
