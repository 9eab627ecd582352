package jsbridge

import (
	"time"

	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
)

// ProtocolVersion is what HELLO must name. See PROTOCOL.md, section 8.
const ProtocolVersion = 1

// EngineVersion is what the engine calls itself in HELLO and info.
const EngineVersion = "0.1.0"

// Op is the kind of a request frame (PROTOCOL.md, section 2).
type Op uint8

// The operations. Zero is invalid.
const (
	OpHello Op = iota + 1
	OpOpen
	OpDestroy
	OpList
	OpClose
	OpQuery
	OpMore
	OpCancel
	OpBegin
	OpCommit
	OpRollback
	OpCreateNode
	OpCreateRelationship
	OpSnapshot
	OpCheck
	OpStats
	OpDiagnostics
	OpInfo
	OpPing
	OpBye
	OpRegisterTable

	OpChanges Op = iota + 9 // 30
	OpLive
	OpMetadata
	OpQueryWith
	OpEvents

	OpRegister Op = iota + 14 // 40
	OpReply
	OpUnregister

	// Files: what package formats, in a module of its own, asks of the engine.
	OpBulk   Op = 50
	OpExport Op = 51
)

// AnswerKind is the kind of an answer frame (PROTOCOL.md, section 3).
type AnswerKind uint8

// The answers. Zero is invalid.
const (
	AnswerHello AnswerKind = iota + 1
	AnswerDone
	AnswerError
	AnswerHead
	AnswerRows
	AnswerProgress

	AnswerCall   AnswerKind = 40
	AnswerRead   AnswerKind = 41
	AnswerModule AnswerKind = 42
	AnswerThere  AnswerKind = 43
	AnswerData   AnswerKind = 50
)

// Tags of values (PROTOCOL.md, section 4).
const (
	tagNull          = wire.TagNull
	tagFalse         = wire.TagFalse
	tagTrue          = wire.TagTrue
	tagInt8          = wire.TagInt8
	tagInt32         = wire.TagInt32
	tagInt64         = wire.TagInt64
	tagFloat         = wire.TagFloat
	tagString        = wire.TagString
	tagBytes         = wire.TagBytes
	tagList          = wire.TagList
	tagMap           = wire.TagMap
	tagNode          = 11
	tagRelationship  = 12
	tagPath          = 13
	tagDate          = wire.TagDate
	tagLocalTime     = wire.TagLocalTime
	tagTime          = wire.TagTime
	tagLocalDateTime = wire.TagLocalDateTime
	tagDateTime      = wire.TagDateTime
	tagDuration      = wire.TagDuration
	tagPoint         = wire.TagPoint
	tagVector        = wire.TagVector
)

// Encodings of columns (PROTOCOL.md, section 5).
const (
	colNulls   = 0
	colValues  = 1
	colInt32   = 2
	colSafe    = 3
	colInt64   = 4
	colFloat   = 5
	colBool    = 6
	colStrings = 7
	colNodes   = 8
	colRels    = 9
)

const (
	frameHeader   = 16 // bytes before an answer's body
	requestHeader = 24 // bytes before a request's body, or before its name
	originLength  = 40 // bytes of the name
	batchHeader   = 40 // bytes before the column offsets of ROWS
	batchNumber   = 36 // where CALL has its number
	columnHeader  = 8
)

// Flags of a request frame.
const (
	flagNamed    = 1  // the name of the request comes before the body
	flagRepeated = 2  // it may have been applied before
	flagFiles    = 16 // of a QUERY: its client answers READ
)

// maxSafe is the largest integer that a JavaScript number holds exactly with
// all its neighbours below.
const maxSafe = 1<<53 - 1

// Limits of the protocol; PROTOCOL.md, section 7, gives the reasons.
const (
	MaxRequest      = 64 << 20
	MaxFrame        = 256 << 20
	MaxDepth        = 100
	MaxInFlight     = 16384
	MaxName         = 100
	MaxBulkRows     = 1 << 16
	MaxTransactions = 64
	MaxDatabases    = 64
	RowsPerFrame    = 1024
	FrameTarget     = 256 << 10
	AnswerBuffer    = 1 << 20
	TurnTime        = 8 * time.Millisecond
	TxIdle          = 5 * time.Second
	TxLook          = 500 * time.Millisecond
	TxLooks         = 4
	TxLife          = 60 * time.Second
	StreamIdle      = 60 * time.Second
	LiveDelay       = 10 * time.Millisecond
)
