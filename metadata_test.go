package pocketgraph

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

func TestMetadataAreInTheLog(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	require.NoError(t, db.Update(ctx, func(tx *Tx) error {
		require.NoError(t, tx.SetMetadata(map[string]string{"user": "ada", "app": "notes"}))
		require.NoError(t, tx.SetMetadata(map[string]string{"user": "bob"}))
		copied := tx.Metadata()
		require.Equal(t, map[string]string{"user": "bob", "app": "notes"}, copied)
		copied["user"] = "eve"
		require.Equal(t, "bob", tx.Metadata()["user"])

		err := tx.SetMetadata(map[string]string{"long": strings.Repeat("x", MaxMetadata)})
		require.Equal(t, CodeLimit, CodeOf(err))
		require.NotContains(t, tx.Metadata(), "long")
		_, err = tx.Run("CREATE (:A)", nil)
		return err
	}))
	_, err := db.Run(ctx, "CREATE (:B)", nil)
	require.NoError(t, err)
	require.NoError(t, db.View(ctx, func(tx *Tx) error {
		require.Equal(t, CodeReadOnly, CodeOf(tx.SetMetadata(map[string]string{"a": "b"})))
		return nil
	}))
	tx, err := db.Begin(ctx, true)
	require.NoError(t, err)
	tx.Rollback()
	require.Equal(t, CodeClosed, CodeOf(tx.SetMetadata(map[string]string{"a": "b"})))
	require.NoError(t, db.Close())

	var got []map[string]string
	require.NoError(t, wal.Records(ctx, fs, func(e wal.Entry) error {
		data, err := storage.ParseMetadata(e.Metadata)
		got = append(got, data)
		return err
	}))
	require.Equal(t, []map[string]string{{"user": "bob", "app": "notes"}, {}}, got)

	again := open(t, fs, Options{})
	require.EqualValues(t, 2, count(t, again, "MATCH (n) RETURN count(n)"), "metadata are no change of the graph")
	require.NoError(t, again.Close())
}

func TestMetadataOfDamagedRecords(t *testing.T) {
	for _, bad := range []string{"\x01", "\x01\x01a", "\x00\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "\x01\x01a\x01bc"} {
		_, err := storage.ParseMetadata([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}
