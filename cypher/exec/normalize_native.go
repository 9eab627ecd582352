//go:build !js

package exec

import "golang.org/x/text/unicode/norm"

func init() {
	forms := map[string]norm.Form{"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD}
	Normalize = func(form, text string) string { return forms[form].String(text) }
}
