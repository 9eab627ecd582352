package syntax

import "strings"

// typeWords are the types of one or more words, longer ones before those they
// begin with, and the name each is kept under.
var typeWords = [...]struct{ words, name string }{
	{"BOOLEAN", "BOOLEAN"}, {"BOOL", "BOOLEAN"},
	{"VARCHAR", "STRING"}, {"STRING", "STRING"},
	{"SIGNED INTEGER", "INTEGER"}, {"INTEGER", "INTEGER"}, {"INT", "INTEGER"},
	{"FLOAT", "FLOAT"},
	{"DATE", "DATE"},
	{"LOCAL TIME", "LOCAL TIME"}, {"TIME WITHOUT TIMEZONE", "LOCAL TIME"}, {"TIME WITHOUT TIME ZONE", "LOCAL TIME"},
	{"ZONED TIME", "ZONED TIME"}, {"TIME WITH TIMEZONE", "ZONED TIME"}, {"TIME WITH TIME ZONE", "ZONED TIME"},
	{"LOCAL DATETIME", "LOCAL DATETIME"}, {"TIMESTAMP WITHOUT TIMEZONE", "LOCAL DATETIME"},
	{"TIMESTAMP WITHOUT TIME ZONE", "LOCAL DATETIME"},
	{"ZONED DATETIME", "ZONED DATETIME"}, {"TIMESTAMP WITH TIMEZONE", "ZONED DATETIME"},
	{"TIMESTAMP WITH TIME ZONE", "ZONED DATETIME"},
	{"DURATION", "DURATION"}, {"POINT", "POINT"}, {"VECTOR", "VECTOR"},
	{"ANY NODE", "NODE"}, {"NODE", "NODE"}, {"ANY VERTEX", "NODE"}, {"VERTEX", "NODE"},
	{"ANY RELATIONSHIP", "RELATIONSHIP"}, {"RELATIONSHIP", "RELATIONSHIP"},
	{"ANY EDGE", "RELATIONSHIP"}, {"EDGE", "RELATIONSHIP"},
	{"ANY MAP", "MAP"}, {"MAP", "MAP"}, {"PATH", "PATH"},
	{"ANY PROPERTY VALUE", "PROPERTY VALUE"}, {"PROPERTY VALUE", "PROPERTY VALUE"},
	{"LIST", "LIST"}, {"ARRAY", "LIST"},
	{"NOTHING", "NOTHING"}, {"NULL", "NULL"},
	{"ANY VALUE", "ANY"}, {"ANY", "ANY"},
}

// typeName reads a type.
func (p *parser) typeName() *Type {
	p.enter()
	defer p.leave()
	pos := p.here()
	first := p.oneType()
	if !p.is(bar) || !p.barIsLabel() {
		return first
	}
	u := &Type{Union: []*Type{first}}
	for p.is(bar) && p.barIsLabel() {
		p.take()
		u.Union = append(u.Union, p.oneType())
	}
	u.Range = p.from(pos)
	return u
}

// oneType reads a type that is no union.
func (p *parser) oneType() *Type {
	t := &Type{}
	pos := p.here()
	for _, w := range typeWords {
		if p.gotWord(strings.Split(w.words, " ")...) {
			t.Name = w.name
			break
		}
	}
	if t.Name == "" {
		p.expected("a type (INTEGER, STRING, LIST<…>, …)")
	}
	if t.Name == "LIST" && p.got(less) {
		t.Element = p.typeName()
		p.want(greater)
	}
	t.NotNull = p.gotWord("NOT", "NULL") || p.got(exclamation)
	t.Range = p.from(pos)
	return t
}
