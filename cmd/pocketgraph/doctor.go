package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/internal/nativefs"
	"github.com/pocketgraph/pocketgraph/wal"
)

type doctorCommand struct {
	Dir    string `arg:"" help:"Directory of the store."`
	JSON   bool   `name:"json" help:"Print one JSON object."`
	NoOpen bool   `name:"no-open" help:"Look at the files only: opening finishes what a crash left."`
}

// diagnosis is what doctor tells. It holds no user data.
type diagnosis struct {
	Version string           `json:"version"`
	Go      string           `json:"go"`
	System  string           `json:"system"`
	Files   *wal.Description `json:"files"`

	OpenError string                   `json:"openError,omitempty"` // why the store could not be opened
	Code      pocketgraph.Code         `json:"code,omitempty"`
	Store     *pocketgraph.Diagnostics `json:"store,omitempty"`
	Problems  []string                 `json:"problems,omitempty"` // broken invariants
	Opening   time.Duration            `json:"openingNanoseconds,omitempty"`
	Process   process                  `json:"process"`
}

// process is what opening and checking the store took of this machine.
type process struct {
	SystemBytes uint64 `json:"systemBytes"` // most memory taken
	HeapBytes   uint64 `json:"heapBytes"`   // in use now
	Collections uint32 `json:"collections"` // of garbage
	PauseNanos  uint64 `json:"pauseNanoseconds"`
}

func thisProcess() process {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return process{m.Sys, m.HeapAlloc, m.NumGC, m.PauseTotalNs}
}

// Run looks at the files first, then opens the store and says what recovery
// found. It works on damaged stores, and beside a running owner as far as that
// can be. It ends with exit code 3 when the store cannot be opened or is broken;
// a store that somebody else has open is neither.
func (c *doctorCommand) Run(ctx context.Context, t terminal) error {
	d := &diagnosis{Version: buildVersion(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	fsys, err := nativefs.New(c.Dir)
	if err == nil {
		d.Files, err = wal.Describe(ctx, fsys)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.Dir, err)
	}
	if !c.NoOpen {
		if err := c.examine(ctx, d); err != nil {
			return err
		}
	}
	if c.JSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(d)
	} else {
		d.print(t.out)
	}
	if err == nil && (len(d.Problems) > 0 || d.OpenError != "" && d.Code != pocketgraph.CodeLocked) {
		err = errBroken
	}
	return err
}

// examine opens the store and notes what can be told.
func (c *doctorCommand) examine(ctx context.Context, d *diagnosis) (err error) {
	begin := time.Now()
	db, err := pocketgraph.OpenDir(ctx, c.Dir, pocketgraph.Options{Create: pocketgraph.MustExist, SnapshotInterval: -1})
	d.Opening = time.Since(begin)
	if err != nil {
		d.OpenError, d.Code = err.Error(), pocketgraph.CodeOf(err)
		return nil
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found := db.Diagnostics()
	d.Store = &found
	d.Problems, err = db.Check(ctx)
	d.Process = thisProcess()
	return err
}

// buildVersion is the version of this program, as the build noted it.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			version += " " + s.Value
		}
	}
	return version
}

func (d *diagnosis) print(w io.Writer) {
	fmt.Fprintf(w, "pocketgraph %s, %s, %s, format %d\n", d.Version, d.Go, d.System, d.Files.FormatVersion)
	for i, s := range d.Files.Meta {
		printSlot(w, i, s)
	}
	for _, l := range d.Files.Logs {
		printLogExtent(w, l)
	}
	for _, s := range d.Files.Snapshots {
		printSnapshotFile(w, s)
	}
	if d.OpenError != "" {
		fmt.Fprintf(w, "not opened: %s: %s\n", d.Code, visible(d.OpenError))
	}
	if d.Store != nil {
		d.printStore(w)
	}
}

func printSlot(w io.Writer, i int, s wal.SlotDescription) {
	if !s.Valid {
		fmt.Fprintf(w, "meta slot %d: not valid\n", i)
		return
	}
	notes := ""
	if s.Clean {
		notes += ", closed"
	}
	if s.Newest {
		notes += ", counts"
	}
	fmt.Fprintf(w, "meta slot %d: version %d, epoch %d, incarnation %d, session %d, written %s%s\n",
		i, s.Version, s.Epoch, s.Incarnation, s.Session, s.Written.UTC().Format(time.RFC3339), notes)
	fmt.Fprintf(w, "  newest state: %s\n  second way:   %s\n  flushed:      %s\n", s.Current, s.Older, s.Attested)
}

func printLogExtent(w io.Writer, l wal.LogDescription) {
	switch {
	case !l.Present:
		fmt.Fprintf(w, "%s: absent\n", l.Name)
	case !l.Readable:
		fmt.Fprintf(w, "%s: %s, its header cannot be read\n", l.Name, bytesText(l.Bytes))
	case l.Generation == 0:
		fmt.Fprintf(w, "%s: %s, never used yet\n", l.Name, bytesText(l.Bytes))
	case l.Records == 0:
		fmt.Fprintf(w, "%s: %s, generation %d, no record\n", l.Name, bytesText(l.Bytes), l.Generation)
	default:
		fmt.Fprintf(w, "%s: %s, generation %d, %s, sequence %d to %d, up to byte %d\n",
			l.Name, bytesText(l.Bytes), l.Generation, plural(int(l.Records), "record"), l.First, l.Last, l.Used)
	}
}

func printSnapshotFile(w io.Writer, s wal.SnapshotDescription) {
	switch {
	case !s.Present:
		fmt.Fprintf(w, "%s: absent\n", s.Name)
	case !s.Readable:
		fmt.Fprintf(w, "%s: %s, its header cannot be read\n", s.Name, bytesText(s.Bytes))
	case s.Serial == 0:
		fmt.Fprintf(w, "%s: %s, never used yet\n", s.Name, bytesText(s.Bytes))
	default:
		fmt.Fprintf(w, "%s: %s, serial %d, sequence %d, written %s\n", s.Name, bytesText(s.Bytes), s.Serial, s.Sequence, s.Written.UTC().Format(time.RFC3339))
	}
}

func (d *diagnosis) printStore(w io.Writer) {
	s := d.Store
	if s.Kept != nil {
		fmt.Fprintf(w, "nobody has read yet what a recovery found at %s (it is not told again):\n  ", s.Kept.At.UTC().Format(time.RFC3339))
		printReport(w, &s.Kept.Report)
	}
	printReport(w, &s.Recovery)
	fmt.Fprintf(w, "opened in %s\n", d.Opening.Round(time.Millisecond))
	fmt.Fprintf(w, "store %s, sequence %d: %s, %s, %s of memory\n", s.StoreID, s.Sequence,
		plural(s.Nodes, "node"), plural(s.Relationships, "relationship"), bytesText(int64(s.Memory.Total)))
	fmt.Fprintf(w, "log behind the snapshot: %s in %s; all files: %s\n",
		plural(int(s.Log.LogEntries), "record"), bytesText(s.Log.LogBytes), bytesText(s.Log.FileBytes))
	fmt.Fprintf(w, "since opening: commits %d, flushes %d, writes %d, snapshots %d, stalls %d, flushes that failed %d\n",
		s.Log.Appends, s.Log.Flushes, s.Log.Writes, s.Log.Snapshots, s.Counters.Stalls, s.Counters.FlushErrors)
	fmt.Fprintf(w, "the change feed reaches back to sequence %d\n", s.Log.HistoryFirst)
	fmt.Fprintf(w, "this process: %s of memory, %s in use, garbage collected %d times\n",
		bytesText(int64(d.Process.SystemBytes)), bytesText(int64(d.Process.HeapBytes)), d.Process.Collections)
	printProblems(w, d.Problems)
}
