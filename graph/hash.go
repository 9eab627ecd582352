package graph

import "math"

// Hash returns a 64-bit hash that is equal for values that are Equivalent: an
// Integer and the Float of the same size agree, so do 0.0 and -0.0 and every
// NaN. It is the same in every process, but is nothing to store.
func Hash(v Value) uint64 { return HashOn(hashSeed, v) }

// HashOn goes on from an earlier hash, so that rows of several values can be
// hashed without joining them.
func HashOn(h uint64, v Value) uint64 {
	switch v.kind {
	case KindInt:
		return mix(h, uint64(rank[KindInt]), v.bits)
	case KindFloat:
		return hashFloat(h, v.AsFloat())
	case KindString:
		return hashBytes(mix(h, uint64(v.kind), 0), v.AsString())
	case KindBytes:
		return hashBytes(mix(h, uint64(v.kind), 0), string(v.AsBytes()))
	case KindList, KindMap:
		return (*Work)(nil).HashOn(h, v)
	case KindPath:
		return hashPath(mix(h, uint64(v.kind), 0), v.AsPath())
	case KindDateTime:
		z := v.AsDateTime()
		return hashBytes(mix(mix(h, uint64(v.kind), uint64(z.Seconds)), uint64(z.Nanos), uint64(z.Offset)), z.Zone)
	case KindDuration:
		s := v.AsDuration()
		return mix(mix(h, uint64(s.Months), uint64(s.Days)), uint64(s.Seconds), uint64(s.Nanos))
	case KindPoint:
		p := v.AsPoint()
		h = mix(h, uint64(v.kind), uint64(p.SRID))
		return hashFloat(hashFloat(hashFloat(h, p.X), p.Y), p.Z)
	case KindVector:
		h = mix(h, uint64(v.kind), v.bits)
		for _, f := range v.AsVector() {
			h = hashFloat(h, float64(f))
		}
		return h
	}
	return mix(h, uint64(v.kind), v.bits^uint64(uint32(v.aux))<<32)
}

const hashSeed = 0x9E3779B97F4A7C15

// mix folds two words into a hash: the finaliser of MurmurHash3, twice.
func mix(h, a, b uint64) uint64 {
	h ^= a * 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h = (h ^ b) * 0xC4CEB9FE1A85EC53
	h ^= h >> 29
	h *= 0xFF51AFD7ED558CCD
	return h ^ h>>32
}

// hashBytes is FNV-1a over words of eight bytes.
func hashBytes(h uint64, s string) uint64 {
	n := uint64(len(s))
	for len(s) >= 8 {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		h = (h ^ w) * 0x9E3779B97F4A7C15
		h ^= h >> 32
		s = s[8:]
	}
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001B3
	}
	return mix(h, n, 0)
}

func hashFloat(h uint64, f float64) uint64 {
	if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) {
		return mix(h, uint64(rank[KindInt]), uint64(int64(f)))
	}
	if f != f {
		f = math.NaN()
	}
	return mix(h, uint64(rank[KindInt]), math.Float64bits(f))
}

func hashPath(h uint64, p *Path) uint64 {
	for _, n := range p.Nodes {
		h = mix(h, 1, uint64(n))
	}
	for _, r := range p.Rels {
		h = mix(h, 2, uint64(r))
	}
	return h
}
