//go:build !js

package pocketgraph_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// northwindFile has the answers in the layout of answersFile.
const northwindFile = "testdata/northwind.json"

// northwindMore brings in what the published script leaves out: employees,
// territories, regions and shippers.
const northwindMore = "testdata/northwind-more.cypher"

// northwind is the trader's tables as the files have them.
type northwind struct {
	tables map[string][]map[string]string // by file name without its ending
}

func readNorthwind(t testing.TB, folder string) *northwind {
	n := &northwind{map[string][]map[string]string{}}
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 11)
	for _, file := range files {
		n.tables[strings.TrimSuffix(filepath.Base(file), ".csv")] = readRagged(t, file)
	}
	return n
}

// readRagged reads a table of which some lines have commas that nobody quoted,
// and so more fields than the header: those beyond it count for nothing.
func readRagged(t testing.TB, path string) (rows []map[string]string) {
	in, err := os.Open(path)
	require.NoError(t, err)
	defer in.Close()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// TestNorthwindAnswersAreIndependent computes the answers from the tables.
func TestNorthwindAnswersAreIndependent(t *testing.T) {
	folder := filepath.Join(dataFolder(t), "northwind")
	d := readNorthwind(t, folder).dataset(t)
	text, err := json.MarshalIndent(answers{Layout: answersLayout, Datasets: []*dataset{d}}, "", " ")
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(northwindFile, append(text, '\n'), 0o644))
		return
	}
	want, err := os.ReadFile(northwindFile)
	require.NoError(t, err)
	require.Equal(t, string(want), string(text)+"\n", "go test -run TestNorthwindAnswers . -update writes the file anew")
}

// loadCSV is a LOAD CSV clause of the script.
var loadCSV = regexp.MustCompile(`LOAD CSV WITH HEADERS FROM "[^"]*/([a-z-]+)\.csv" AS row`)

// statements are those of the published script and of ours; change rewrites
// their LOAD CSV clauses, of which it gets the table's name.
func northwindStatements(t testing.TB, folder string, change func(table string) string) (out []string) {
	for _, file := range []string{filepath.Join(folder, "northwind.cypher"), northwindMore} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, s := range strings.Split(string(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, loadCSV.ReplaceAllStringFunc(s, func(clause string) string {
					return change(loadCSV.FindStringSubmatch(clause)[1])
				}))
			}
		}
	}
	return out
}

// TestNorthwindRows runs the scripts with the rows of the files as a parameter
// in the place of LOAD CSV, and the rest of them as it is.
func TestNorthwindRows(t *testing.T) {
	northwindDataset(t).ask(t, northwindDB(t, filepath.Join(dataFolder(t), "northwind")))
}

// northwindDB is a store with the graph in it.
func northwindDB(t *testing.T, folder string) *pocketgraph.DB {
	n := readNorthwind(t, folder)
	params := pocketgraph.Params{}
	for table, rows := range n.tables {
		list := make([]any, len(rows))
		for i, row := range rows {
			m := map[string]any{}
			for k, v := range row {
				m[k] = v
			}
			list[i] = m
		}
		params[strings.ReplaceAll(table, "-", "_")] = list
	}
	db := openRelaxed(t, pocketgraph.Options{})
	for _, s := range northwindStatements(t, folder, func(table string) string {
		return "UNWIND $" + strings.ReplaceAll(table, "-", "_") + " AS row"
	}) {
		_, err := db.Run(context.Background(), s, params)
		require.NoError(t, err, s)
	}
	return db
}

// TestNorthwindScript runs the scripts as they are but for the addresses, which
// are of files in the folder that may be loaded from.
func TestNorthwindScript(t *testing.T) {
	folder := filepath.Join(dataFolder(t), "northwind")
	db := openRelaxed(t, pocketgraph.Options{Importer: pocketgraph.ImportDir(folder)})
	for _, s := range northwindStatements(t, folder, func(table string) string {
		return `LOAD CSV WITH HEADERS FROM "file:///` + table + `.csv" AS row`
	}) {
		_, err := db.Run(context.Background(), s, nil)
		require.NoError(t, err, s)
	}
	northwindDataset(t).ask(t, db)
}

func openRelaxed(t *testing.T, o pocketgraph.Options) *pocketgraph.DB {
	o.Durability = pocketgraph.Relaxed
	db, err := pocketgraph.OpenDir(context.Background(), t.TempDir(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func northwindDataset(t testing.TB) *dataset {
	return readAnswersOf(t, northwindFile).Datasets[0]
}

func (n *northwind) dataset(t testing.TB) *dataset {
	size := func(table string) int { return len(n.tables[table]) }
	labels := map[string]int{"Product": size("products"), "Category": size("categories"), "Supplier": size("suppliers"), "Customer": size("customers"),
		"Order": size("orders"), "Employee": size("employees"), "Territory": size("territories"), "Region": size("regions"), "Shipper": size("shippers")}
	managed := 0
	for _, e := range n.tables["employees"] {
		if e["reportsTo"] != "NULL" {
			managed++
		}
	}
	types := map[string]int{"PART_OF": size("products"), "SUPPLIES": size("products"), "PURCHASED": size("orders"), "ORDERS": size("order-details"),
		"SOLD": size("orders"), "REPORTS_TO": managed, "IN_TERRITORY": size("employee-territories"), "IN_REGION": size("territories"), "SHIPPED": size("orders")}
	d := &dataset{Name: "northwind", Files: []string{"northwind.cypher"}, Labels: labels, Types: types, Queries: n.questions(t)}
	for _, k := range labels {
		d.Nodes += k
	}
	for _, k := range types {
		d.Relationships += k
	}
	return d
}

func (n *northwind) questions(t testing.TB) []question {
	return []question{
		{"categories of each supplier", "MATCH (s:Supplier)-->(:Product)-->(c:Category) WITH DISTINCT s, c ORDER BY c.categoryName RETURN s.companyName AS company, collect(c.categoryName) AS categories ORDER BY company", nil, []string{"company", "categories"}, n.categoriesOfSuppliers()},
		{"suppliers of produce", "MATCH (c:Category {categoryName: $category})<--(:Product)<--(s:Supplier) RETURN DISTINCT s.companyName AS supplier ORDER BY supplier", map[string]any{"category": "Produce"}, []string{"supplier"}, n.suppliersOf("Produce")},
		{"who buys most of a category", "MATCH (c:Customer)-[:PURCHASED]->(:Order)-[o:ORDERS]->(p:Product), (p)-[:PART_OF]->(:Category {categoryName: $category}) RETURN c.contactName AS customer, sum(o.quantity) AS total ORDER BY total DESC, customer LIMIT 10", map[string]any{"category": "Produce"}, []string{"customer", "total"}, top(10, n.buyersOf(t, "Produce"))},
		{"top category of each customer", "MATCH (c:Customer)-[:PURCHASED]->()-[o:ORDERS]->()-[:PART_OF]->(k:Category) WITH c, k, sum(o.quantity) AS total ORDER BY total DESC, k.categoryName WITH c, collect({category: k.categoryName, total: total})[0] AS best RETURN c.customerID AS customer, best.category AS category, best.total AS total ORDER BY customer", nil, []string{"customer", "category", "total"}, n.topCategories(t)},
		{"products to reorder", "MATCH (p:Product)<-[:SUPPLIES]-(s:Supplier) WHERE NOT p.discontinued AND p.unitsInStock + p.unitsOnOrder <= p.reorderLevel RETURN p.productName AS product, p.unitsInStock AS stock, s.phone AS phone ORDER BY product", nil, []string{"product", "stock", "phone"}, n.reorder(t)},
		{"chains of command", "MATCH path = (e:Employee)-[:REPORTS_TO*0..]->(boss) WHERE NOT (boss)-[:REPORTS_TO]->() RETURN e.lastName AS employee, length(path) AS depth, [x IN nodes(path) | x.lastName] AS chain ORDER BY depth, employee", nil, []string{"employee", "depth", "chain"}, n.chains()},
		{"sales of subordinates", "MATCH (b:Employee) OPTIONAL MATCH (b)<-[:REPORTS_TO*]-(e)-[:SOLD]->(o:Order) RETURN b.lastName AS boss, count(o) AS orders ORDER BY orders DESC, boss", nil, []string{"boss", "orders"}, n.salesBelow()},
		{"cross-selling", "MATCH (:Product {productName: $name})<-[:ORDERS]-(:Order)<-[:SOLD]-(e:Employee) WITH DISTINCT e MATCH (e)-[:SOLD]->(o)-[:ORDERS]->(other:Product) WHERE other.productName <> $name RETURN e.employeeID AS employee, other.productName AS product, count(DISTINCT o) AS times ORDER BY times DESC, employee, product LIMIT 5", map[string]any{"name": "Chocolade"}, []string{"employee", "product", "times"}, n.crossSelling("Chocolade")},
		{"bought together", "MATCH (a:Product)<-[:ORDERS]-(o:Order)-[:ORDERS]->(b:Product) WHERE a.productID < b.productID RETURN a.productName AS a, b.productName AS b, count(o) AS orders ORDER BY orders DESC, a, b LIMIT 10", nil, []string{"a", "b", "orders"}, n.together()},
		{"customers without orders", "MATCH (c:Customer) WHERE NOT (c)-[:PURCHASED]->() RETURN c.companyName AS company ORDER BY company", nil, []string{"company"}, n.idle()},
		{"revenue of categories in cents", "MATCH (:Order)-[o:ORDERS]->(p)-[:PART_OF]->(c:Category) RETURN c.categoryName AS category, sum(toInteger(round(toFloat(o.unitPrice) * 100)) * o.quantity) AS cents ORDER BY cents DESC", nil, []string{"category", "cents"}, n.revenue(t)},
		{"orders of each year", "MATCH (o:Order) RETURN toInteger(substring(o.orderDate, 0, 4)) AS year, count(*) AS orders, count(CASE WHEN o.shippedDate = 'NULL' THEN 1 END) AS open ORDER BY year", nil, []string{"year", "orders", "open"}, n.years(t)},
		{"neighbours", "MATCH (c:Customer), (s:Supplier) WHERE c.city = s.city RETURN c.companyName AS customer, s.companyName AS supplier, c.city AS city ORDER BY customer, supplier", nil, []string{"customer", "supplier", "city"}, n.neighbours()},
		{"employees of regions", "MATCH (r:Region)<-[:IN_REGION]-(:Territory)<-[:IN_TERRITORY]-(e:Employee) RETURN r.regionDescription AS region, count(DISTINCT e) AS employees ORDER BY region", nil, []string{"region", "employees"}, n.regions()},
		{"what others bought", "MATCH (c:Customer {customerID: $id})-[:PURCHASED]->()-[:ORDERS]->(p:Product) WITH c, collect(DISTINCT p) AS mine UNWIND mine AS p MATCH (p)<-[:ORDERS]-()<-[:PURCHASED]-(other:Customer) WHERE other <> c WITH DISTINCT other, mine MATCH (other)-[:PURCHASED]->()-[:ORDERS]->(q:Product) WHERE NOT q IN mine RETURN q.productName AS product, count(DISTINCT other) AS customers ORDER BY customers DESC, product LIMIT 5", map[string]any{"id": "ANATR"}, []string{"product", "customers"}, n.recommended("ANATR")},
		{"late shippers", "MATCH (s:Shipper)-[:SHIPPED]->(o:Order) WHERE o.shippedDate <> 'NULL' AND o.shippedDate > o.requiredDate RETURN s.companyName AS shipper, count(o) AS late ORDER BY shipper", nil, []string{"shipper", "late"}, n.late()},
	}
}

// by indexes a table by a column that is its key.
func (n *northwind) by(table, column string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, row := range n.tables[table] {
		out[row[column]] = row
	}
	return out
}

// sale is a line of an order with what it belongs to.
type sale struct{ line, order, product map[string]string }

func (n *northwind) sales() (out []sale) {
	orders, products := n.by("orders", "orderID"), n.by("products", "productID")
	for _, line := range n.tables["order-details"] {
		out = append(out, sale{line, orders[line["orderID"]], products[line["productID"]]})
	}
	return out
}

func (n *northwind) categoryOf(product map[string]string) string {
	for _, c := range n.tables["categories"] {
		if c["categoryID"] == product["categoryID"] {
			return c["categoryName"]
		}
	}
	return ""
}

func (n *northwind) categoriesOfSuppliers() (rows [][]any) {
	suppliers := n.by("suppliers", "supplierID")
	found := map[string]map[string]bool{}
	for _, p := range n.tables["products"] {
		company := suppliers[p["supplierID"]]["companyName"]
		if found[company] == nil {
			found[company] = map[string]bool{}
		}
		found[company][n.categoryOf(p)] = true
	}
	for _, company := range sortedKeys(found) {
		rows = append(rows, []any{company, sortedKeys(found[company])})
	}
	return rows
}

func (n *northwind) suppliersOf(category string) [][]any {
	suppliers, found := n.by("suppliers", "supplierID"), map[string]bool{}
	for _, p := range n.tables["products"] {
		if n.categoryOf(p) == category {
			found[suppliers[p["supplierID"]]["companyName"]] = true
		}
	}
	return single(sortedKeys(found))
}

func single(words []string) (rows [][]any) {
	for _, w := range words {
		rows = append(rows, []any{w})
	}
	return rows
}

func (n *northwind) buyersOf(t testing.TB, category string) map[string]int {
	customers, out := n.by("customers", "customerID"), map[string]int{}
	for _, s := range n.sales() {
		if n.categoryOf(s.product) == category {
			out[customers[s.order["customerID"]]["contactName"]] += whole(t, s.line["quantity"])
		}
	}
	return out
}

func whole(t testing.TB, text string) int {
	i, err := strconv.Atoi(text)
	require.NoError(t, err)
	return i
}

func (n *northwind) topCategories(t testing.TB) (rows [][]any) {
	totals := map[string]map[string]int{}
	for _, s := range n.sales() {
		c := s.order["customerID"]
		if totals[c] == nil {
			totals[c] = map[string]int{}
		}
		totals[c][n.categoryOf(s.product)] += whole(t, s.line["quantity"])
	}
	for _, c := range sortedKeys(totals) {
		rows = append(rows, append([]any{c}, top(1, totals[c])[0]...))
	}
	return rows
}

func (n *northwind) reorder(t testing.TB) (rows [][]any) {
	suppliers := n.by("suppliers", "supplierID")
	for _, p := range n.tables["products"] {
		stock := whole(t, p["unitsInStock"])
		if p["discontinued"] == "0" && stock+whole(t, p["unitsOnOrder"]) <= whole(t, p["reorderLevel"]) {
			rows = append(rows, []any{p["productName"], stock, suppliers[p["supplierID"]]["phone"]})
		}
	}
	sortRows(rows, func(r []any) string { return r[0].(string) })
	return rows
}

func sortRows(rows [][]any, key func([]any) string) {
	slices.SortFunc(rows, func(a, b []any) int { return cmp.Compare(key(a), key(b)) })
}

// above are an employee and all above it, by last name.
func (n *northwind) above(employee map[string]string) (chain []string) {
	employees := n.by("employees", "employeeID")
	for employee != nil {
		chain = append(chain, employee["lastName"])
		employee = employees[employee["reportsTo"]]
	}
	return chain
}

func (n *northwind) chains() (rows [][]any) {
	for _, e := range n.tables["employees"] {
		chain := n.above(e)
		rows = append(rows, []any{e["lastName"], len(chain) - 1, chain})
	}
	sortRows(rows, func(r []any) string { return strconv.Itoa(r[1].(int)) + r[0].(string) })
	return rows
}

func (n *northwind) salesBelow() [][]any {
	employees, out := n.by("employees", "employeeID"), map[string]int{}
	for _, e := range employees {
		out[e["lastName"]] += 0
	}
	for _, o := range n.tables["orders"] {
		for _, boss := range n.above(employees[o["employeeID"]])[1:] {
			out[boss]++
		}
	}
	return top(len(out), out)
}

func (n *northwind) crossSelling(name string) (rows [][]any) {
	sold := map[[2]string]map[string]bool{} // employee and product: orders
	for _, s := range n.sales() {
		k := [2]string{s.order["employeeID"], s.product["productName"]}
		if sold[k] == nil {
			sold[k] = map[string]bool{}
		}
		sold[k][s.order["orderID"]] = true
	}
	for k, orders := range sold {
		if k[1] != name && sold[[2]string{k[0], name}] != nil {
			rows = append(rows, []any{k[0], k[1], len(orders)})
		}
	}
	sortRows(rows, func(r []any) string { return descending(r[2].(int)) + r[0].(string) + "\x00" + r[1].(string) })
	return rows[:5]
}

// descending is a text that sorts before those of smaller numbers.
func descending(n int) string { return strconv.Itoa(1_000_000 - n) }

func (n *northwind) together() (rows [][]any) {
	products, lines, pairs := n.by("products", "productID"), map[string][]string{}, map[[2]string]int{}
	for _, s := range n.sales() {
		lines[s.order["orderID"]] = append(lines[s.order["orderID"]], s.product["productID"])
	}
	for _, ids := range lines {
		for _, a := range ids {
			for _, b := range ids {
				if a < b { // as texts, which they are
					pairs[[2]string{products[a]["productName"], products[b]["productName"]}]++
				}
			}
		}
	}
	for pair, orders := range pairs {
		rows = append(rows, []any{pair[0], pair[1], orders})
	}
	sortRows(rows, func(r []any) string { return descending(r[2].(int)) + r[0].(string) + "\x00" + r[1].(string) })
	return rows[:10]
}

func (n *northwind) idle() [][]any {
	names := map[string]bool{}
	for _, c := range n.tables["customers"] {
		names[c["customerID"]] = true
	}
	for _, o := range n.tables["orders"] {
		delete(names, o["customerID"])
	}
	var companies []string
	for id := range names {
		companies = append(companies, n.by("customers", "customerID")[id]["companyName"])
	}
	slices.Sort(companies)
	return single(companies)
}

func (n *northwind) revenue(t testing.TB) [][]any {
	out := map[string]int{}
	for _, s := range n.sales() {
		units, cents, _ := strings.Cut(s.line["unitPrice"], ".")
		out[n.categoryOf(s.product)] += (100*whole(t, units) + whole(t, (cents + "00")[:2])) * whole(t, s.line["quantity"])
	}
	return top(len(out), out)
}

func (n *northwind) years(t testing.TB) (rows [][]any) {
	all, open := map[int]int{}, map[int]int{}
	for _, o := range n.tables["orders"] {
		year := whole(t, o["orderDate"][:4])
		all[year]++
		if o["shippedDate"] == "NULL" {
			open[year]++
		}
	}
	for _, year := range sortedKeys(all) {
		rows = append(rows, []any{year, all[year], open[year]})
	}
	return rows
}

func (n *northwind) neighbours() (rows [][]any) {
	for _, c := range n.tables["customers"] {
		for _, s := range n.tables["suppliers"] {
			if c["city"] == s["city"] {
				rows = append(rows, []any{c["companyName"], s["companyName"], c["city"]})
			}
		}
	}
	sortRows(rows, func(r []any) string { return r[0].(string) + "\x00" + r[1].(string) })
	return rows
}

func (n *northwind) regions() (rows [][]any) {
	territories, regions := n.by("territories", "territoryID"), n.by("regions", "regionID")
	found := map[string]map[string]bool{}
	for _, et := range n.tables["employee-territories"] {
		region := regions[territories[et["territoryID"]]["regionID"]]["regionDescription"]
		if found[region] == nil {
			found[region] = map[string]bool{}
		}
		found[region][et["employeeID"]] = true
	}
	for _, region := range sortedKeys(found) {
		rows = append(rows, []any{region, len(found[region])})
	}
	return rows
}

func (n *northwind) recommended(id string) [][]any {
	bought := map[string]map[string]bool{} // customer: products
	for _, s := range n.sales() {
		c := s.order["customerID"]
		if bought[c] == nil {
			bought[c] = map[string]bool{}
		}
		bought[c][s.product["productName"]] = true
	}
	out := map[string]int{}
	for c, theirs := range bought {
		common := false
		for p := range theirs {
			common = common || bought[id][p]
		}
		for p := range theirs {
			if c != id && common && !bought[id][p] {
				out[p]++
			}
		}
	}
	return top(5, out)
}

func (n *northwind) late() [][]any {
	shippers, out := n.by("shippers", "shipperID"), map[string]int{}
	for _, o := range n.tables["orders"] {
		if o["shippedDate"] != "NULL" && o["shippedDate"] > o["requiredDate"] {
			out[shippers[o["shipVia"]]["companyName"]]++
		}
	}
	var rows [][]any
	for _, name := range sortedKeys(out) {
		rows = append(rows, []any{name, out[name]})
	}
	return rows
}
