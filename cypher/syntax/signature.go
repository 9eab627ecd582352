package syntax

import "strings"

// Signature says how a function or procedure is called:
//
//	ns.name(a :: INTEGER?, b :: STRING) :: FLOAT?
//	ns.name(a :: INTEGER?) :: (c :: STRING?, d :: ANY?)
//
// The first is a function, the second a procedure.
//
//	Signature = DottedName "(" [Field {"," Field}] ")" ["::" (FieldType | "(" [Field {"," Field}] ")" | VOID)]
//	Field     = Name "::" FieldType
//	FieldType = (Type | NUMBER) ["?"]
//
// Without the question mark null is not of the type.
type Signature struct {
	Text    string // as it was given, without the space around it
	Name    string
	Args    []*SignatureField
	Results []*SignatureField // columns of a procedure
	Result  *Type             // of a function; nil: a procedure
}

// SignatureField is an argument or a column.
type SignatureField struct {
	Name string
	Type *Type
}

// ParseSignature reads the signature of a function, or of a procedure. Without
// results a procedure has no columns. The error is an *Error about its text.
func ParseSignature(text string, procedure bool) (*Signature, error) {
	p := parser{text: text, tokens: scan(text)}
	s := &Signature{Text: strings.TrimSpace(text)}
	if len(text) > MaxSignature {
		p.failAt(Range{}, TooLong, "the signature is longer than 10,000 bytes")
	}
	first := p.peek()
	s.Name, _ = p.dottedName("a name")
	if word := p.textOf(first); isReserved(word) || !strings.HasPrefix(s.Text, s.Name) {
		p.failAt(first.span(), UnexpectedSyntax, "nothing can be called "+word)
	}
	s.Args = p.signatureFields()
	switch {
	case !procedure:
		p.want(doubleColon)
		s.Result = p.fieldType()
	case p.got(doubleColon) && !p.gotWord("VOID"):
		s.Results = p.signatureFields()
	}
	if !p.is(endOfText) {
		p.expected("the end of the signature")
	}
	if p.err != nil {
		p.err.Code, p.err.Detail = "ProcedureError", "InvalidSignature"
		return nil, p.err
	}
	return s, nil
}

// MaxSignature is the longest signature in bytes.
const MaxSignature = 10_000

func (p *parser) signatureFields() (list []*SignatureField) {
	p.want(leftParen)
	for !p.is(rightParen) && p.err == nil {
		f := &SignatureField{Name: p.name("the name of an argument or a column").Name}
		p.want(doubleColon)
		f.Type = p.fieldType()
		list = append(list, f)
		if !p.got(comma) {
			break
		}
	}
	p.want(rightParen)
	return list
}

// fieldType reads a type that has no null, unless a question mark allows it.
func (p *parser) fieldType() *Type {
	t := &Type{Union: []*Type{{Name: "INTEGER"}, {Name: "FLOAT"}}}
	if !p.gotWord("NUMBER") {
		t = p.typeName()
	}
	if p.is(badToken) && p.textOf(p.peek()) == "?" {
		p.skip(1)
		return t
	}
	t.NotNull = true
	for _, one := range t.Union {
		one.NotNull = true
	}
	return t
}
