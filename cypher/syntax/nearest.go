package syntax

// Nearest finds the candidate a misspelt word could be: at most one edit in
// three letters away (a swap of neighbours counts as one), case aside. It
// returns "" when none is near.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", 1+(len(word)+1)/3
	if len(word) > maxMisspelt {
		return ""
	}
	w := lower(word)
	for _, c := range candidates {
		if len(c) > maxMisspelt || c == word {
			continue
		}
		if d := editDistance(w, lower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// maxMisspelt bounds the work of a hint: nobody misspells longer names.
const maxMisspelt = 40

// editDistance is the optimal string alignment distance in bytes: insertions,
// deletions, replacements and swaps of neighbours.
func editDistance(a, b string) int {
	var rows [3][maxMisspelt + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, above := &rows[i%3], &rows[(i+2)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], rows[(i+1)%3][j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
