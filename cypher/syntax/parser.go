package syntax

import "strings"

// Limits of one statement.
const (
	// MaxText is the longest statement in bytes: more is a file that should
	// have been cut by SplitScript or imported. Offsets fit 32 bits with it.
	MaxText = 16 << 20
	// MaxDepth is how deep expressions, patterns and subqueries may nest: a
	// level is about six frames of the parser, and the stack of a page is
	// about a megabyte.
	MaxDepth = 200
	// MaxHeight is how high the tree may grow where one operator follows
	// another on one level, as in a+b+c: that costs the parser no stack, but
	// those who walk the tree one or two frames each.
	MaxHeight = 1000
)

// Parse reads one statement, which may end with a semicolon. The error is an
// *Error.
func Parse(text string) (*Statement, error) {
	if len(text) > MaxText {
		return nil, &Error{Code: "SyntaxError", Detail: TooLong, Text: "", Message: "the statement is longer than 16 MiB"}
	}
	p := parser{text: text, tokens: scan(text)}
	s := p.statement()
	if p.err == nil && p.chained > MaxHeight/2 && tooHigh(s) {
		p.failAt(s.Range, TooDeep, "the statement has an expression of more than 1000 operators in a row")
	}
	if p.err != nil {
		return nil, p.err
	}
	return s, nil
}

// ParseExpr reads an expression alone. Its positions are seven bytes further on:
// it is read behind a RETURN.
func ParseExpr(text string) (Expr, error) {
	s, err := Parse("RETURN " + text)
	if err != nil {
		return nil, err
	}
	r, ok := s.Body.(*Query).Parts[0].Clauses[0].(*Return)
	if !ok || len(r.Items) != 1 || r.Items[0].Text != strings.TrimSpace(text) {
		return nil, &Error{Code: "SyntaxError", Detail: UnexpectedSyntax, Text: text, Message: "expected one expression and nothing else"}
	}
	return r.Items[0].Expr, nil
}

// parser goes through the tokens once. The first error stays, and moves it to
// the end of the text, where every loop stops; so no caller has to check.
type parser struct {
	text    string
	tokens  []token
	at      int // index of the next token
	depth   int
	chained int // operators that made a tree higher without nesting
	// noBar is set where a bar ends the expression: in the conditions of
	// comprehensions it is no alternative of labels.
	noBar bool
	err   *Error
}

// peek is the next token; peekAt the n-th after it.
func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) peekAt(n int) token {
	return p.tokens[min(p.at+n, len(p.tokens)-1)]
}

func (p *parser) textOf(t token) string { return p.text[t.pos:t.end] }

// take consumes the next token; the end of the text stays.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != endOfText {
		p.at++
	}
	return t
}

// skip consumes tokens that were looked at already. After an error it stays at
// the end.
func (p *parser) skip(n int) {
	if p.err == nil {
		p.at = min(p.at+n, len(p.tokens)-1)
	}
}

// is looks for a kind of token, got consumes it.
func (p *parser) is(k kind) bool { return p.tokens[p.at].kind == k }

func (p *parser) got(k kind) bool {
	if !p.is(k) {
		return false
	}
	p.take()
	return true
}

// want consumes a token that has to be there.
func (p *parser) want(k kind) {
	if !p.got(k) {
		p.expected("'" + symbols[k] + "'")
	}
}

// isWord looks for words in a row, given in capitals; gotWord consumes them.
func (p *parser) isWord(words ...string) bool { return p.isWordAt(0, words...) }

func (p *parser) isWordAt(n int, words ...string) bool {
	for i, word := range words {
		t := p.peekAt(n + i)
		if t.kind != nameToken || !sameWord(p.textOf(t), word) {
			return false
		}
	}
	return true
}

func (p *parser) gotWord(words ...string) bool {
	if !p.isWord(words...) {
		return false
	}
	p.at += len(words)
	return true
}

// gotAnyWord consumes one of several words.
func (p *parser) gotAnyWord(words ...string) bool {
	for _, word := range words {
		if p.gotWord(word) {
			return true
		}
	}
	return false
}

// wantWord consumes words that have to be there.
func (p *parser) wantWord(words ...string) {
	for _, word := range words {
		if !p.gotWord(word) {
			p.expected(word)
			return
		}
	}
}

// from is the range from a position to the end of the last token consumed.
func (p *parser) from(pos int) Range {
	end := pos
	if p.at > 0 {
		end = max(pos, int(p.tokens[p.at-1].end))
	}
	return Range{pos, end}
}

// here is where the next token begins.
func (p *parser) here() int { return int(p.peek().pos) }

func (t token) span() Range { return Range{int(t.pos), int(t.end)} }

// enter counts a level of nesting; leave ends it.
func (p *parser) enter() {
	p.depth++
	if p.depth > MaxDepth {
		p.failAt(p.peek().span(), TooDeep, "the statement is nested more than 200 levels deep")
	}
}

func (p *parser) leave() { p.depth-- }

// failAt records the first error and ends the parse.
func (p *parser) failAt(r Range, detail, message string) {
	if p.err == nil {
		p.err = &Error{Code: "SyntaxError", Detail: detail, Message: message, Range: r, Text: p.text}
	}
	p.at = len(p.tokens) - 1
}

// hint adds a hint to the error there is.
func (p *parser) hint(text string) {
	if p.err != nil && p.err.Hint == "" {
		p.err.Hint = text
	}
}

// expected fails because the next token is not what was expected. A token
// that is no token says that instead.
func (p *parser) expected(what string) {
	if p.err != nil {
		return
	}
	t := p.peek()
	switch {
	case t.kind == badToken:
		p.failBad(t)
	case t.kind == notEquals && t.foreign:
		p.failAt(t.span(), UnexpectedSyntax, "expected "+what+", found '!='")
		p.hint("not equal is written <>")
	case t.kind == endOfText:
		end := len(strings.TrimRight(p.text, " \t\r\n"))
		p.failAt(Range{end, end}, UnexpectedSyntax, "expected "+what+", found the end of the statement")
	default:
		p.failAt(t.span(), UnexpectedSyntax, "expected "+what+", found "+p.quote(t))
	}
}

// quote shows a token in a message.
func (p *parser) quote(t token) string {
	const longest = 30
	text := p.textOf(t)
	if len(text) > longest {
		text = text[:runeStart(text, longest)] + "…"
	}
	if strings.ContainsAny(text, "'\n") {
		return text
	}
	return "'" + text + "'"
}

// runeStart is the last start of a character at or before i.
func runeStart(s string, i int) int {
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// failBad says what is wrong with a badToken.
func (p *parser) failBad(t token) {
	text := p.textOf(t)
	opening := Range{int(t.pos), int(t.pos) + 1}
	switch {
	case t.foreign:
		p.failAt(t.span(), InvalidUnicodeCharacter, "the character "+text+" has no place here")
	case strings.HasPrefix(text, "/*"):
		p.failAt(opening, UnexpectedSyntax, "this comment is never closed: expected */")
	case text[0] == '\'' || text[0] == '"':
		p.failAt(opening, UnexpectedSyntax, "this string is never closed: expected "+text[:1])
	case text[0] == '`':
		p.failAt(opening, UnexpectedSyntax, "this name is never closed: expected `")
	default:
		p.failAt(t.span(), UnexpectedSyntax, "the character "+text+" has no place here")
	}
}

// statement reads the whole text.
func (p *parser) statement() *Statement {
	s := &Statement{Text: p.text}
	pos := p.here()
	switch {
	case p.gotWord("EXPLAIN"):
		s.Mode = Explain
	case p.gotWord("PROFILE"):
		s.Mode = Profile
	}
	s.Body = p.body()
	s.Range = p.from(pos)
	markStandalone(s.Body)
	p.got(semicolon)
	if !p.is(endOfText) {
		p.expectedClause()
	}
	return s
}

// body reads a query or command.
func (p *parser) body() Body {
	switch {
	case p.isWord("CREATE") && p.isCommand():
		return p.createCommand()
	case p.isWord("DROP"):
		return p.dropCommand()
	case p.isWord("SHOW"), p.isWord("TERMINATE"):
		return p.show()
	}
	return p.query()
}

// isCommand tells CREATE INDEX and the like from CREATE (…).
func (p *parser) isCommand() bool {
	after := p.peekAt(2).kind
	return p.peekAt(1).kind == nameToken && after != equals && after != leftParen
}

// query reads single queries joined by UNION.
func (p *parser) query() *Query {
	p.enter()
	defer p.leave()
	pos := p.here()
	q := &Query{Parts: []*SingleQuery{p.singleQuery()}}
	for p.isWord("UNION") {
		u := &Union{}
		unionPos := p.here()
		p.take()
		if !p.gotWord("DISTINCT") {
			u.All = p.gotWord("ALL")
		}
		u.Range = p.from(unionPos)
		q.Unions = append(q.Unions, u)
		q.Parts = append(q.Parts, p.singleQuery())
	}
	q.Range = p.from(pos)
	return q
}

// singleQuery reads clauses up to UNION or whatever is no clause.
func (p *parser) singleQuery() *SingleQuery {
	pos := p.here()
	s := &SingleQuery{}
	for p.err == nil {
		c := p.clause()
		if c == nil {
			break
		}
		s.Clauses = append(s.Clauses, c)
	}
	if len(s.Clauses) == 0 {
		p.expectedClause()
	}
	s.Range = p.from(pos)
	return s
}

// markStandalone marks a procedure call that is the whole statement.
func markStandalone(b Body) {
	q, ok := b.(*Query)
	if !ok || len(q.Parts) != 1 || len(q.Parts[0].Clauses) != 1 {
		return
	}
	if call, ok := q.Parts[0].Clauses[0].(*Call); ok {
		call.Standalone = true
	}
}
