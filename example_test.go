//go:build !js

package pocketgraph_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/pocketgraph/pocketgraph"
)

func Example() {
	dir, err := os.MkdirTemp("", "pocketgraph")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()

	db, err := pocketgraph.OpenDir(ctx, dir, pocketgraph.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	_, err = db.Run(ctx, "CREATE (:Person {name: $a})-[:KNOWS {since: 1843}]->(:Person {name: $b})",
		pocketgraph.Params{"a": "Ada", "b": "Charles"})
	if err != nil {
		log.Fatal(err)
	}
	rows, err := db.Run(ctx, "MATCH (p:Person)-[k:KNOWS]->(q) RETURN p.name AS who, q.name AS whom, k.since AS since", nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		fmt.Println(row.Get("who"), "knows", row.Get("whom"), "since", row.Get("since"))
	}
	// Output: Ada knows Charles since 1843
}

func ExampleDB_Update() {
	ctx := context.Background()
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	err = db.Update(ctx, func(tx *pocketgraph.Tx) error {
		if _, err := tx.Run("CREATE (:Account {owner: 'Ada', balance: 10})", nil); err != nil {
			return err
		}
		return fmt.Errorf("changed my mind") // rolls everything back
	})
	fmt.Println(err)
	rows, err := db.Run(ctx, "MATCH (a:Account) RETURN count(a) AS accounts", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows[0].Get("accounts"))
	// Output:
	// changed my mind
	// 0
}
