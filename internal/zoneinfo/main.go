// Command zoneinfo FILE packs the time zone database of the Go toolchain for
// package temporal. The database is in the public domain (IANA, RFC 6557).
//
// Since release 2022b the database by itself keeps one history for zones that
// agree since 1970; Java and the browsers follow it. The toolchain's copy, like
// Debian's, is built with the file backzone, which keeps a history for each,
// often of doubtful origin. For the same answers everywhere the zones that the
// file backward links to another one are made copies of that one here.
//
//	go generate ./graph/temporal
package main

import (
	"archive/zip"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	if err := pack(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// merged lists, for a zone, those that are linked to it and differ in the
// toolchain's copy: all before 1970 only.
var merged = map[string]string{
	"Africa/Abidjan":       "Africa/Accra Africa/Bamako Africa/Banjul Africa/Conakry Africa/Dakar Africa/Freetown Africa/Lome Africa/Nouakchott Africa/Ouagadougou Atlantic/Reykjavik Atlantic/St_Helena",
	"Africa/Nairobi":       "Africa/Addis_Ababa Africa/Asmara Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala Africa/Mogadishu Indian/Antananarivo Indian/Comoro Indian/Mayotte",
	"Africa/Lagos":         "Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Libreville Africa/Luanda Africa/Malabo Africa/Niamey Africa/Porto-Novo",
	"Africa/Maputo":        "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi Africa/Lusaka",
	"Africa/Johannesburg":  "Africa/Maseru Africa/Mbabane",
	"America/Puerto_Rico":  "America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao America/Dominica America/Grenada America/Guadeloupe America/Montserrat America/Port_of_Spain America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola",
	"America/Panama":       "America/Atikokan America/Cayman",
	"America/Phoenix":      "America/Creston",
	"America/Toronto":      "America/Nassau",
	"Pacific/Port_Moresby": "Antarctica/DumontDUrville Pacific/Chuuk",
	"Pacific/Auckland":     "Antarctica/McMurdo",
	"Asia/Riyadh":          "Antarctica/Syowa Asia/Aden Asia/Kuwait",
	"Asia/Qatar":           "Asia/Bahrain",
	"Asia/Kuching":         "Asia/Brunei",
	"Asia/Singapore":       "Asia/Kuala_Lumpur",
	"Asia/Dubai":           "Asia/Muscat Indian/Mahe Indian/Reunion",
	"Asia/Bangkok":         "Asia/Phnom_Penh Asia/Vientiane Indian/Christmas",
	"Asia/Yangon":          "Indian/Cocos",
	"Europe/Brussels":      "Europe/Amsterdam Europe/Luxembourg",
	"Europe/Berlin":        "Europe/Copenhagen Europe/Oslo Europe/Stockholm",
	"Europe/London":        "Europe/Guernsey Europe/Isle_of_Man Europe/Jersey",
	"Europe/Belgrade":      "Europe/Ljubljana Europe/Sarajevo Europe/Skopje Europe/Zagreb",
	"Europe/Paris":         "Europe/Monaco",
	"Europe/Zurich":        "Europe/Vaduz",
	"Indian/Maldives":      "Indian/Kerguelen",
	"Pacific/Tarawa":       "Pacific/Funafuti Pacific/Majuro Pacific/Wake Pacific/Wallis",
	"Pacific/Pago_Pago":    "Pacific/Midway",
	"Pacific/Guadalcanal":  "Pacific/Pohnpei",
	"Pacific/Guam":         "Pacific/Saipan",
}

// pack copies an archive with its files compressed, and without their dates.
func pack(from, to string) error {
	in, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	files, source := map[string]*zip.File{}, map[string]string{}
	for _, f := range in.File {
		files[f.Name] = f
	}
	for target, names := range merged {
		for _, name := range strings.Fields(names) {
			source[name] = target
		}
	}
	out := zip.NewWriter(file)
	for _, f := range in.File {
		if f.FileInfo().IsDir() {
			continue
		}
		from := f
		if target, ok := source[f.Name]; ok {
			from = files[target]
		}
		r, err := from.Open()
		if err != nil {
			return err
		}
		w, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := io.Copy(w, r); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return file.Close()
}
