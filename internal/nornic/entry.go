package nornic

import (
	"encoding/json"
	"errors"
	"time"
)

// entry is the payload of a record:
//
//	{"seq":1,"ts":"2025-12-04T07:29:11.5-07:00","op":"create_node",
//	 "data":"<base64 of JSON>","checksum":2092994163,"database":"nornic"}
//
// checksum is the CRC-32C of the decoded data; database is left out when empty.
type entry struct {
	Sequence  uint64 `json:"seq"`
	Timestamp string `json:"ts"`
	Operation string `json:"op"`
	Data      []byte `json:"data"`
	Checksum  uint32 `json:"checksum"`
	Database  string `json:"database"`
}

var (
	errNoEntry  = errors.New("the JSON is no log entry")
	errDataSum  = errors.New("the checksum of the data does not hold")
	errBadStamp = errors.New("the timestamp cannot be read")
)

// parseEntry reads a payload without looking at the checksum.
func parseEntry(payload []byte) (*entry, error) {
	e := &entry{}
	if err := json.Unmarshal(payload, e); err != nil {
		return nil, err
	}
	if e.Operation == "" || e.Sequence == 0 {
		return nil, errNoEntry
	}
	return e, nil
}

// sound says whether the data is what was written.
func (e *entry) sound() error {
	if checksum(e.Data) != e.Checksum {
		return errDataSum
	}
	return nil
}

func (e *entry) time() (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, e.Timestamp)
	if err != nil {
		return time.Time{}, errBadStamp
	}
	return t, nil
}
