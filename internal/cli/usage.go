package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is where help breaks its lines.
const helpWidth = 110

func init() { cobra.AddTemplateFunc("flagLines", flagLines) }

// usageTemplate has flags written by flagLines.
func usageTemplate(template string) string {
	for _, set := range []string{".LocalFlags", ".InheritedFlags"} {
		template = strings.ReplaceAll(template, "{{"+set+".FlagUsages", "{{flagLines "+set)
	}
	return template
}

// flagLines describes flags. pflag writes --quiet[=true|false], which nobody types.
func flagLines(f *pflag.FlagSet) string {
	const noise = "[=true|false]"
	return strings.ReplaceAll(f.FlagUsagesWrapped(helpWidth), noise, strings.Repeat(" ", len(noise)))
}
