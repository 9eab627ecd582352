package plan

import "github.com/pocketgraph/pocketgraph/cypher/bind"

// topK tells a sort that only its first rows are wanted.
//
// Rule top-k: ORDER BY with LIMIT keeps a heap of that many rows.
//
//	Limit($n)               Limit($n)
//	  Sort(p.age DESC)  =>    Sort(p.age DESC, top $n)
func (b *builder) topK(s *Sort, p *bind.Projection) {
	if b.options.TopK && p.Limit != nil {
		s.Top, s.Skip = p.Limit, p.Skip
	}
}
