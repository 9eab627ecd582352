package nornic

import "encoding/json"

// The operations, as they are written in entries.
const (
	opCreateNode      = "create_node"
	opUpdateNode      = "update_node"
	opDeleteNode      = "delete_node"
	opCreateEdge      = "create_edge"
	opUpdateEdge      = "update_edge"
	opDeleteEdge      = "delete_edge"
	opUpdateEmbedding = "update_embedding"
	opBulkNodes       = "bulk_create_nodes"
	opBulkEdges       = "bulk_create_edges"
	opBulkDeleteNodes = "bulk_delete_nodes"
	opBulkDeleteEdges = "bulk_delete_edges"
	opCheckpoint      = "checkpoint"
	opTxBegin         = "tx_begin"
	opTxCommit        = "tx_commit"
	opTxAbort         = "tx_abort"
)

// isMarker says that the operation changes nothing by itself.
func isMarker(op string) bool {
	return op == opCheckpoint || op == opTxBegin || op == opTxCommit || op == opTxAbort
}

// operation is the data of an entry. Which fields are there depends on the
// operation; images of what was before are not needed and not read.
type operation struct {
	Node    *node    `json:"node"`
	Edge    *edge    `json:"edge"`
	ID      string   `json:"id"`
	Nodes   []*node  `json:"nodes"`
	Edges   []*edge  `json:"edges"`
	IDs     []string `json:"ids"`
	TxID    string   `json:"tx_id"`
	OpCount *int     `json:"op_count"`
}

// node is a node. Of an embedding NornicDB writes nothing here; files of other
// writers may have one.
type node struct {
	ID         string                     `json:"id"`
	Labels     []string                   `json:"labels"`
	Properties map[string]json.RawMessage `json:"properties"`
	Embedding  json.RawMessage            `json:"embedding"`
}

type edge struct {
	ID         string                     `json:"id"`
	Start      string                     `json:"startNode"`
	End        string                     `json:"endNode"`
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
}

// parseOperation reads the data of an entry.
func parseOperation(data []byte) (*operation, error) {
	o := &operation{}
	if err := json.Unmarshal(data, o); err != nil {
		return nil, err
	}
	return o, nil
}
