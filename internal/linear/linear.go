// Package linear decides whether what concurrent clients of registers were told
// is linearizable: whether there is an order, which agrees with time, in which
// one after the other would have been told the same. The tests of the Go API
// and those of pages share it; the search is porcupine's.
package linear

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/anishathalye/porcupine"
)

// Operation is what a client asked of one of the registers, and was told. A
// register is a number, 0 at first: "read" answers it, "write" makes it Value,
// "add" adds Value, and both answer what it is then. An operation that is known
// not to have taken place is not noted: if it did, others' answers betray it.
type Operation struct {
	Client int    `json:"client"`
	Kind   string `json:"kind"`
	Key    int    `json:"key"`
	Value  int64  `json:"value"`
	Answer int64  `json:"answer"`
	Call   int64  `json:"call"`   // when it was asked; above 0
	Return int64  `json:"return"` // when it was answered; 0: never, so it may take place at any time from Call on, or not
}

// Read reads operations as JSON, one after the other.
func Read(r io.Reader) (history []Operation, err error) {
	for d := json.NewDecoder(r); ; {
		var op Operation
		switch err := d.Decode(&op); {
		case errors.Is(err, io.EOF):
			return history, nil
		case err != nil:
			return nil, fmt.Errorf("operation %d: %w", len(history)+1, err)
		}
		history = append(history, op)
	}
}

// ErrNotLinearizable: no order explains the answers.
var ErrNotLinearizable = errors.New("no order of the operations explains the answers")

// Check is nil for a history that is linearizable. It gives up after a time.
func Check(history []Operation, within time.Duration) error {
	if len(history) == 0 {
		return errors.New("an empty history shows nothing")
	}
	operations := make([]porcupine.Operation, len(history))
	for i, op := range history {
		end := op.Return
		if end == 0 {
			end = math.MaxInt64
		}
		if op.Call <= 0 || end < op.Call || op.Kind != "read" && op.Kind != "write" && op.Kind != "add" {
			return fmt.Errorf("this is no operation: %+v", op)
		}
		operations[i] = porcupine.Operation{ClientId: op.Client, Input: op, Call: op.Call, Output: op.Answer, Return: end}
	}
	model := registers.ToModel()
	switch porcupine.CheckOperationsTimeout(model, operations, within) {
	case porcupine.Ok:
		return nil
	case porcupine.Illegal:
		return ErrNotLinearizable
	}
	return fmt.Errorf("not decided within %v", within)
}

// registers is the model; each register is looked at by itself.
var registers = porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[int][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(Operation).Key
			byKey[key] = append(byKey[key], op)
		}
		var out [][]porcupine.Operation
		for _, part := range byKey {
			out = append(out, part)
		}
		return out
	},
	Init: func() []any { return []any{int64(0)} },
	Step: func(state, input, output any) []any {
		was, op := state.(int64), input.(Operation)
		next := was
		switch op.Kind {
		case "write":
			next = op.Value
		case "add":
			next = was + op.Value
		}
		switch {
		case op.Return == 0:
			return []any{was, next}
		case output.(int64) != next:
			return nil
		}
		return []any{next}
	},
	Equal: func(a, b any) bool { return a == b },
}
