package storage

import (
	"errors"
	"slices"
)

// Metadata of a transaction lie in its log record: a count, then key and value
// of each entry, keys ascending; see format.go for numbers and strings.

// MaxMetadata bounds the metadata of one transaction, all keys and values in
// bytes.
const MaxMetadata = 16 << 10

// ErrMetadataTooLarge: the metadata of a transaction exceed MaxMetadata.
var ErrMetadataTooLarge = errors.New("the metadata of the transaction are too large")

// SetMetadata makes data the metadata of the transaction, in place of what was
// set before. They are durable with it; a transaction that changes nothing
// leaves none. Errors: ErrTxDone, ErrMetadataTooLarge.
func (tx *Tx) SetMetadata(data map[string]string) error {
	if tx.done {
		return ErrTxDone
	}
	keys := make([]string, 0, len(data))
	bytes := 0
	for key, value := range data {
		keys = append(keys, key)
		bytes += len(key) + len(value)
	}
	if bytes > MaxMetadata {
		return ErrMetadataTooLarge
	}
	slices.Sort(keys)
	tx.metadata = nil
	if len(keys) == 0 {
		return nil
	}
	tx.metadata = appendNumbers(nil, uint64(len(keys)))
	for _, key := range keys {
		tx.metadata = appendString(appendString(tx.metadata, key), data[key])
	}
	return nil
}

// ParseMetadata reads the metadata of a log record; nil bytes are none.
func ParseMetadata(b []byte) (map[string]string, error) {
	data := map[string]string{}
	if len(b) == 0 {
		return data, nil
	}
	s := source{rest: string(b)}
	for n := s.count(); n > 0 && !s.fault; n-- {
		key := s.string()
		data[key] = s.string()
	}
	if s.fault || s.rest != "" {
		return nil, errMalformed
	}
	return data, nil
}
