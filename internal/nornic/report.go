package nornic

import "fmt"

// The kinds of a finding. They are stable: programs test for them.
const (
	TornTail           = "torn-tail"              // an unreadable rest with nothing good behind it
	DamagedRegion      = "damaged-region"         // bytes between good records that are no record
	SkippedEmbedding   = "skipped-embedding"      // an update_embedding whose checksum is wrong
	BadTrailer         = "bad-trailer"            // a sound record whose trailer is not what it should be
	DamagedSnapshot    = "damaged-snapshot"       // the snapshot cannot be read to its end
	DuplicateSequence  = "duplicate-sequence"     // sequence numbers that come again
	RestartedNumbering = "restarted-numbering"    // the writer began to number anew
	MissingSequence    = "missing-sequence"       // numbers that no record has and no damage explains
	DanglingEdge       = "dangling-edge"          // an edge of the snapshot whose end is nowhere
	RefusedOperation   = "refused-operation"      // an operation that the live engine refused, too
	RepeatedIdentity   = "repeated-identity"      // an identity twice in a snapshot or in one bulk
	UnfinishedTx       = "unfinished-transaction" // no commit: nothing of it was applied
	AbortedTx          = "aborted-transaction"
	IncompleteTx       = "incomplete-transaction" // committed, but not all of its operations are there
	LabelsDifferByCase = "labels-differ-by-case"  // one label for NornicDB's look-ups, several here
	RenamedProperty    = "renamed-property"       // its name is one that the import needs
)

// Finding is something about the files that the one who imports should know.
type Finding struct {
	Kind     string `json:"kind"`
	Sequence uint64 `json:"sequence"` // 0 when no record is meant
	Offset   int64  `json:"offset"`   // in the log; -1 when no place is meant
	Detail   string `json:"detail"`
}

// Report tells what was imported.
type Report struct {
	Nodes        int       `json:"nodes"`
	Edges        int       `json:"edges"`
	LastSequence uint64    `json:"lastSequence"` // highest known, of the log and the snapshot
	ValidBytes   int64     `json:"validBytes"`   // the log up to its last good record: a torn tail begins there
	Records      int       `json:"records"`      // good ones in the log
	Applied      int       `json:"applied"`      // operations
	Skipped      int       `json:"skipped"`      // markers, and operations inside the snapshot or in transactions that were not committed
	Refused      int       `json:"refused"`      // operations
	Committed    int       `json:"committed"`    // transactions
	Aborted      int       `json:"aborted"`
	Unfinished   int       `json:"unfinished"`
	Findings     []Finding `json:"reports"`
	Omitted      int       `json:"omitted,omitempty"` // findings beyond maxFindings of their kind

	kinds map[string]int
}

// maxFindings bounds the findings of one kind that a report lists.
const maxFindings = 1000

func (r *Report) add(kind string, sequence uint64, offset int64, format string, args ...any) {
	if r.kinds == nil {
		r.kinds = map[string]int{}
	}
	if r.kinds[kind]++; r.kinds[kind] > maxFindings {
		r.Omitted++
		return
	}
	r.Findings = append(r.Findings, Finding{kind, sequence, offset, fmt.Sprintf(format, args...)})
}
