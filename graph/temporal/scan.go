package temporal

// scanner reads the texts of ISO 8601 from the left. Letters may be small.
type scanner struct {
	s string
	i int
}

func (s *scanner) end() bool { return s.i == len(s.s) }

// peek is the next character as a capital letter, 0 at the end.
func (s *scanner) peek() byte {
	if s.end() {
		return 0
	}
	c := s.s[s.i]
	if c-'a' < 26 {
		c -= 'a' - 'A'
	}
	return c
}

// accept passes a character if it is the next one.
func (s *scanner) accept(c byte) bool {
	if s.end() || s.peek() != c {
		return false
	}
	s.i++
	return true
}

// digits counts the digits that come next.
func (s *scanner) digits() int {
	n := 0
	for s.i+n < len(s.s) && s.s[s.i+n]-'0' < 10 {
		n++
	}
	return n
}

// number reads n digits, at most 18.
func (s *scanner) number(n int) int64 {
	var x int64
	for ; n > 0; n-- {
		x = x*10 + int64(s.s[s.i]-'0')
		s.i++
	}
	return x
}

// upTo reads a number of one to n digits.
func (s *scanner) upTo(n int) (x int64, ok bool) {
	d := s.digits()
	if d == 0 || d > n {
		return 0, false
	}
	return s.number(d), true
}

// exactly reads a number of n digits, which more digits may follow.
func (s *scanner) exactly(n int) (x int64, ok bool) {
	if s.digits() < n {
		return 0, false
	}
	return s.number(n), true
}

// fraction reads an optional decimal fraction of at most nine digits as a
// number of billionths.
func (s *scanner) fraction() (nanos int64, ok bool) {
	if !s.accept('.') && !s.accept(',') {
		return 0, true
	}
	n := s.digits()
	nanos, ok = s.upTo(9)
	for ; ok && n < 9; n++ {
		nanos *= 10
	}
	return nanos, ok
}
