module github.com/pocketgraph/pocketgraph

go 1.26
