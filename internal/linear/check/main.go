// Command check reads a history of operations on registers as JSON lines (see
// package linear) and ends with 1 where it is not linearizable.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/linear"
)

func main() {
	history, err := linear.Read(os.Stdin)
	if err == nil {
		err = linear.Check(history, time.Minute)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(len(history), "operations are linearizable")
}
