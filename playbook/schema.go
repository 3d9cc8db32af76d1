package playbook

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed schema/*.schema.json
var schemas embed.FS

// Kinds are the kinds of entries that the data files hold, each with a JSON Schema.
var Kinds = []string{"cause", "signature", "misreading", "fact"}

// Schema returns the JSON Schema of one entry of a kind.
func Schema(kind string) ([]byte, error) {
	b, err := schemas.ReadFile("schema/" + kind + ".schema.json")
	if err != nil {
		return nil, fmt.Errorf("the playbook has no entries of kind %q; it has %s", kind, strings.Join(Kinds, ", "))
	}
	return b, nil
}
