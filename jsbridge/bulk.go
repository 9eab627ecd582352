package jsbridge

import "github.com/pocketgraph/pocketgraph/graph"

// bulk serves BULK: it creates the elements of the body in the request's
// transaction, which from then on may live for as long as it is not idle. An
// element is decoded and created before the next one is looked at, so a body
// costs no more memory than its bytes.
func (d *Dispatcher) bulk(t *task) (*graph.Map, error) {
	tx, err := d.takeTransaction(t)
	if err != nil {
		return nil, err
	}
	w := tx.Writer()
	if w == nil {
		return nil, invalid("BULK needs a writing transaction")
	}
	tx.life.Stop()
	b := &bulkReader{cursor: cursor{b: t.r.Bulk}, w: w, tx: tx}
	if err = b.run(func() error { d.Yield(); return t.life.Err() }); err == nil {
		err = b.err
	}
	if err != nil {
		d.failInside(tx)
	}
	return nil, err
}

// bulkReader decodes and applies the body of BULK. A name is interned when it
// is first used as what it is.
type bulkReader struct {
	cursor
	w          graph.Writer
	tx         *transaction
	names      []string
	numbers    [3][]uint32 // by use and index in names: one more than the number in the graph, 0 before it is known
	labels     []graph.LabelID
	properties []graph.Property
}

// What a name is used as.
const (
	asLabel = iota
	asType
	asKey
)

// bulkPause is after how many elements others get their turn.
const bulkPause = 1024

func (b *bulkReader) run(pause func() error) error {
	for n := b.count(); len(b.names) < n && b.err == nil; {
		b.names = append(b.names, b.text())
	}
	for i := range b.numbers {
		b.numbers[i] = make([]uint32, len(b.names))
	}
	for _, create := range []func() error{b.node, b.relationship} {
		n := b.count()
		for i := 0; i < n && b.err == nil; i++ {
			if err := create(); err != nil {
				return err
			}
			if i%bulkPause == bulkPause-1 {
				if err := pause(); err != nil {
					return err
				}
			}
		}
	}
	if b.at < len(b.b) {
		b.fail(ErrMalformed)
	}
	return nil
}

// name reads the index of a name and returns its number in the graph.
func (b *bulkReader) name(use int) (uint32, error) {
	i := b.varuint()
	if uint64(i) >= uint64(len(b.names)) {
		b.fail(ErrMalformed)
		return 0, b.err
	}
	if id := b.numbers[use][i]; id > 0 {
		return id - 1, nil
	}
	var id uint32
	var err error
	switch use {
	case asLabel:
		var l graph.LabelID
		l, err = b.w.Label(b.names[i])
		id = uint32(l)
	case asType:
		var t graph.TypeID
		t, err = b.w.Type(b.names[i])
		id = uint32(t)
	default:
		var k graph.KeyID
		k, err = b.w.Key(b.names[i])
		id = uint32(k)
	}
	b.numbers[use][i] = id + 1
	return id, err
}

func (b *bulkReader) props() error {
	b.properties = b.properties[:0]
	for n := b.count(); len(b.properties) < n && b.err == nil; {
		k, err := b.name(asKey)
		if err != nil {
			return err
		}
		b.properties = append(b.properties, graph.Property{Key: graph.KeyID(k), Value: readValue(&b.cursor, valueBuilder{}, nil, MaxDepth)})
	}
	return b.err
}

func (b *bulkReader) node() error {
	b.labels = b.labels[:0]
	for n := b.count(); len(b.labels) < n; {
		l, err := b.name(asLabel)
		if err != nil {
			return err
		}
		b.labels = append(b.labels, graph.LabelID(l))
	}
	if err := b.props(); err != nil {
		return err
	}
	n, err := b.w.CreateNode(b.labels, b.properties)
	b.tx.made = append(b.tx.made, n)
	return err
}

// end reads which of the transaction's nodes is meant.
func (b *bulkReader) end() graph.Node {
	if i := b.varuint(); uint64(i) < uint64(len(b.tx.made)) {
		return b.tx.made[i]
	}
	b.fail(ErrMalformed)
	return graph.NoNode
}

func (b *bulkReader) relationship() error {
	start, end := b.end(), b.end()
	typ, err := b.name(asType)
	if err == nil {
		err = b.props()
	}
	if err != nil {
		return err
	}
	_, err = b.w.CreateRel(start, end, graph.TypeID(typ), b.properties)
	return err
}
