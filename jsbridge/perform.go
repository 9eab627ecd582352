package jsbridge

import (
	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// perform does what the request asks; its map becomes DONE.
func (d *Dispatcher) perform(t *task) (*graph.Map, error) {
	switch t.r.Op {
	case OpOpen:
		return d.open(t)
	case OpDestroy:
		return nil, d.destroy(t)
	case OpList:
		return d.list(t)
	case OpClose:
		return nil, d.closeDatabase(t)
	case OpQuery:
		return d.query(t)
	case OpBegin:
		return d.beginTransaction(t)
	case OpCommit, OpRollback:
		return d.endTransaction(t)
	case OpCreateNode, OpCreateRelationship:
		return d.create(t)
	case OpSnapshot:
		return t.db.Snapshot(&t.life)
	case OpCheck:
		return d.check(t)
	case OpStats:
		return graph.NewMap(t.db.Stats()), nil
	case OpDiagnostics:
		return graph.NewMap(t.db.Diagnostics()), nil
	case OpInfo:
		return d.info(t.db), nil
	case OpBye:
		d.bye(t)
	case OpRegisterTable:
		return nil, d.registerTable(t)
	case OpChanges:
		return d.changes(t)
	case OpLive:
		return nil, d.live(t)
	case OpMetadata:
		return nil, d.setMetadata(t)
	case OpEvents:
		return nil, d.tellEvents(t)
	case OpRegister:
		return nil, d.register(t)
	case OpUnregister:
		return nil, d.unregister(t)
	case OpBulk:
		return d.bulk(t)
	case OpExport:
		return d.export(t)
	}
	return nil, nil
}

// registerTable makes a procedure of a table. Each row is a list as long as the
// signature has arguments and results.
func (d *Dispatcher) registerTable(t *task) error {
	rows := make([][]graph.Value, len(t.r.Rows))
	for i, row := range t.r.Rows {
		if row.Kind() != graph.KindList {
			return invalid("a row of the table is no list")
		}
		rows[i] = row.AsList()
	}
	return d.own(t).Register(pocketgraph.Registration{Signature: t.r.Text, Procedure: true, Rows: rows})
}

// checkName keeps names of databases to what every file system can hold.
func checkName(name string) error {
	bad := name == "" || len(name) > MaxName || name == "." || name == ".."
	for i := 0; i < len(name); i++ {
		bad = bad || name[i] < ' ' || name[i] == '/' || name[i] == '\\' || name[i] == 0x7F
	}
	if bad {
		return invalid("a database's name has 1 to " + number(MaxName) + " bytes without slashes and control characters")
	}
	return nil
}

func (d *Dispatcher) open(t *task) (*graph.Map, error) {
	o := t.r.Open
	if err := checkName(o.Name); err != nil {
		return nil, err
	}
	db, err := d.reserve(o.Name)
	if err != nil {
		return nil, err
	}
	inner, err := d.host.Open(&t.life, o, func(stage string, done, total int64) { d.progress(t, stage, done, total) })
	d.mu.Lock()
	if err == nil {
		db.Database = inner
		if own, ok := inner.(*engineDB); ok {
			db.direct = newDirect(d, own.db)
			db.direct.parks = own.storage == indexedDB
		}
		db.closing = false
	} else {
		delete(d.databases, db.id)
	}
	why := t.why
	d.mu.Unlock()
	switch {
	case err != nil:
		return nil, err
	case why != nil: // cancelled too late to stop the host: nobody knows the number
		d.mu.Lock()
		db.closing = true
		d.mu.Unlock()
		err := inner.Close()
		d.remove(db)
		if err != nil {
			return nil, err
		}
		return nil, why
	}
	return d.info(db), nil
}

// destroy keeps the name while it works, so that nobody opens what vanishes.
func (d *Dispatcher) destroy(t *task) error {
	if err := checkName(t.r.Open.Name); err != nil {
		return err
	}
	db, err := d.reserve(t.r.Open.Name)
	if err != nil {
		return err
	}
	defer d.remove(db)
	return d.host.Destroy(&t.life, t.r.Open.Name, t.r.Open.Storage)
}

// reserve keeps a name from being opened twice, and gives the database its
// number. Until it is open it counts as closing, so nothing can reach it.
func (d *Dispatcher) reserve(name string) (*database, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, db := range d.databases {
		if db.name == name {
			return nil, &Failure{Code: codeLocked, Message: name + " is open already in this page", Hint: "Use the one that is open, or close it first."}
		}
	}
	if len(d.databases) >= MaxDatabases {
		return nil, &Failure{Code: codeLimit, Message: "too many databases are open"}
	}
	d.lastDB++
	db := &database{id: d.lastDB, name: name, closing: true,
		tasks: map[*task]struct{}{}, transactions: map[uint32]*transaction{}, forks: map[*client]Database{}}
	db.quiet.L = &d.mu
	d.databases[db.id] = db
	return db, nil
}

func (d *Dispatcher) remove(db *database) {
	d.mu.Lock()
	delete(d.databases, db.id)
	d.mu.Unlock()
}

func (d *Dispatcher) info(db *database) *graph.Map {
	return graph.NewMap(append([]graph.Entry{
		{Key: "database", Value: graph.Int(int64(db.id))},
		{Key: "name", Value: graph.String(db.name)},
		{Key: "protocol", Value: graph.Int(ProtocolVersion)},
		{Key: "version", Value: graph.String(EngineVersion)},
	}, db.Info()...))
}

func (d *Dispatcher) progress(t *task, stage string, done, total int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.ended {
		return
	}
	d.out.buf, _ = appendMapAnswer(d.out.buf, AnswerProgress, t.header(), summary(
		graph.Entry{Key: "stage", Value: graph.String(stage)},
		graph.Entry{Key: "done", Value: graph.Int(done)},
		graph.Entry{Key: "total", Value: graph.Int(total)}))
	d.scheduleDelivery()
}

func (d *Dispatcher) list(t *task) (*graph.Map, error) {
	found, err := d.host.List(&t.life, t.r.Open.Storage)
	if err != nil {
		return nil, err
	}
	items := make([]graph.Value, 0, len(found))
	for _, l := range found {
		items = append(items, graph.MapValue(summary(
			graph.Entry{Key: "name", Value: graph.String(l.Name)},
			graph.Entry{Key: "storage", Value: graph.String(l.Storage)})))
	}
	return summary(graph.Entry{Key: "databases", Value: graph.List(items)}), nil
}

func (d *Dispatcher) check(t *task) (*graph.Map, error) {
	problems, err := t.db.Check(&t.life)
	if err != nil {
		return nil, err
	}
	items := make([]graph.Value, 0, len(problems))
	for _, p := range problems {
		items = append(items, graph.String(p))
	}
	return summary(graph.Entry{Key: "problems", Value: graph.List(items)}), nil
}

// closeDatabase ends what is in flight, waits until it has ended, and closes.
func (d *Dispatcher) closeDatabase(t *task) error {
	d.mu.Lock()
	t.db.closing = true
	d.endAll(t.db, func(o *task) bool { return o != t }, &Failure{Code: codeClosed, Message: "the database was closed"})
	open := t.db.takeTransactions(nil, d)
	d.mu.Unlock()
	rollBack(open)
	err := t.db.Close()
	d.remove(t.db)
	return err
}

// bye ends everything that a client has going.
func (d *Dispatcher) bye(t *task) {
	why := &Failure{Code: codeClosed, Message: "the client has gone"}
	var open []*transaction
	d.mu.Lock()
	for _, db := range d.databases {
		d.endAll(db, func(o *task) bool { return o.client == t.client && o != t }, why)
		open = append(open, db.takeTransactions(t.client, d)...)
		delete(db.forks, t.client)
	}
	for _, o := range d.tasks {
		if o.client == t.client && o != t {
			o.end(why)
		}
	}
	delete(d.clients, t.r.Client)
	d.mu.Unlock()
	rollBack(open)
}

// endAll ends the tasks of a database that fit and waits until they have
// answered. mu is held, and let go of while waiting.
func (d *Dispatcher) endAll(db *database, fits func(*task) bool, why *Failure) {
	for {
		waiting := false
		for o := range db.tasks {
			if fits(o) {
				o.end(why)
				waiting = true
			}
		}
		if !waiting || d.dead != nil {
			return
		}
		db.quiet.Wait()
	}
}

// takeTransactions takes the transactions of a client, or of all, out of the
// tables, to be rolled back. mu is held.
func (db *database) takeTransactions(c *client, d *Dispatcher) []*transaction {
	var taken []*transaction
	for _, tx := range db.transactions {
		if c == nil || tx.client == c {
			d.forgetTransaction(tx)
			taken = append(taken, tx)
		}
	}
	return taken
}

func rollBack(open []*transaction) {
	for _, tx := range open {
		tx.Rollback()
		tx.cancel()
	}
}
