package importer

import (
	"context"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
)

// batchBytes ends a batch of large elements early, by what their texts and
// lists take. It keeps what a transaction holds far below the limit of a log
// record, 256 MiB.
const batchBytes = 16 << 20

// Copy writes all elements of a graph into a database, beside what is there, in
// transactions of at most batch elements; 0 is one transaction for all. It
// returns what was committed.
func Copy(ctx context.Context, db *pocketgraph.DB, from graph.Reader, batch int, progress func(formats.Progress)) (nodes, rels, properties int64, err error) {
	if progress == nil {
		progress = func(formats.Progress) {}
	}
	c := &copier{ctx: ctx, db: db, from: from, batch: batch, progress: progress,
		labels: map[graph.LabelID]graph.LabelID{}, types: map[graph.TypeID]graph.TypeID{}, keys: map[graph.KeyID]graph.KeyID{}}
	err = c.run()
	return c.done.nodes, c.done.rels, c.done.properties, err
}

type counts struct{ nodes, rels, properties int64 }

type copier struct {
	ctx      context.Context
	db       *pocketgraph.DB
	from     graph.Reader
	batch    int
	progress func(formats.Progress)

	tx      *pocketgraph.Tx
	w       graph.Writer
	pending counts
	bytes   int
	done    counts
	ids     []graph.ID // by the handle of the node in from

	// names, which keep their numbers once a transaction is committed
	labels map[graph.LabelID]graph.LabelID
	types  map[graph.TypeID]graph.TypeID
	keys   map[graph.KeyID]graph.KeyID
}

func (c *copier) run() error {
	err := c.all()
	if c.tx != nil {
		c.tx.Rollback()
	}
	return err
}

func (c *copier) all() error {
	for n := range graph.Handles(c.from.ScanNodes) {
		if err := c.node(n); err != nil {
			return err
		}
	}
	for rel := range graph.Handles(c.from.ScanRels) {
		if err := c.rel(rel); err != nil {
			return err
		}
	}
	return c.commit()
}

// ready sees to it that there is a transaction with room in it.
func (c *copier) ready() (err error) {
	if c.batch > 0 && (c.pending.nodes+c.pending.rels >= int64(c.batch) || c.bytes >= batchBytes) {
		if err := c.commit(); err != nil {
			return err
		}
	}
	if c.tx != nil {
		return context.Cause(c.ctx)
	}
	c.tx, err = c.db.Begin(c.ctx, true)
	if err == nil {
		c.w = c.tx.Writer()
	}
	return err
}

func (c *copier) commit() error {
	if c.tx == nil {
		return nil
	}
	tx := c.tx
	c.tx = nil
	if err := tx.Commit(); err != nil {
		return err
	}
	c.done = counts{c.done.nodes + c.pending.nodes, c.done.rels + c.pending.rels, c.done.properties + c.pending.properties}
	c.pending, c.bytes = counts{}, 0
	n := c.done.nodes + c.done.rels
	c.progress(formats.Progress{Phase: "write", Done: n, Total: int64(c.from.NodeCount() + c.from.RelCount()), Elements: n})
	return nil
}

func interned[ID comparable](known map[ID]ID, id ID, name func(ID) string, intern func(string) (ID, error)) (ID, error) {
	if there, ok := known[id]; ok {
		return there, nil
	}
	there, err := intern(name(id))
	if err == nil {
		known[id] = there
	}
	return there, err
}

func (c *copier) node(n graph.Node) error {
	if err := c.ready(); err != nil {
		return err
	}
	labels := c.from.AppendLabels(nil, n)
	for i := range labels {
		l, err := interned(c.labels, labels[i], c.from.LabelName, c.w.Label)
		if err != nil {
			return err
		}
		labels[i] = l
	}
	properties, err := c.properties(c.from.AppendNodeProperties(nil, n))
	if err != nil {
		return err
	}
	made, err := c.w.CreateNode(labels, properties)
	if err != nil {
		return err
	}
	for len(c.ids) <= int(n) {
		c.ids = append(c.ids, 0)
	}
	c.ids[n] = c.w.NodeID(made)
	c.pending.nodes++
	return nil
}

func (c *copier) properties(list []graph.Property) ([]graph.Property, error) {
	for i := range list {
		key, err := interned(c.keys, list[i].Key, c.from.KeyName, c.w.Key)
		if err != nil {
			return nil, err
		}
		list[i].Key = key
		c.bytes += weight(list[i].Value)
	}
	c.pending.properties += int64(len(list))
	return list, nil
}

// weight is about how many bytes a value takes in the log.
func weight(v graph.Value) int {
	n := 16 + len(v.AsString()) + len(v.AsBytes()) + 4*len(v.AsVector())
	for _, item := range v.AsList() {
		n += weight(item)
	}
	return n
}

func (c *copier) rel(r graph.Rel) error {
	if err := c.ready(); err != nil {
		return err
	}
	start, end := c.from.RelEnds(r)
	from, found := c.w.NodeByID(c.ids[start])
	to, foundEnd := c.w.NodeByID(c.ids[end])
	if !found || !foundEnd {
		return &pocketgraph.Error{Code: pocketgraph.CodeNotFound, Offset: -1, Message: "a node was deleted while the import went on"}
	}
	typ, err := interned(c.types, c.from.RelType(r), c.from.TypeName, c.w.Type)
	if err != nil {
		return err
	}
	properties, err := c.properties(c.from.AppendRelProperties(nil, r))
	if err != nil {
		return err
	}
	_, err = c.w.CreateRel(from, to, typ, properties)
	c.pending.rels++
	return err
}
