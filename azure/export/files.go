package export

import (
	"fmt"
	"slices"
	"strings"
)

// What can be exported, and how templates are written.
var (
	Kinds   = []string{"searches", "querypack", "alerts", "prometheus", "role"}
	Formats = []string{"bicep", "arm"}
)

// RoleFile is the name of the file with the role.
const RoleFile = "crashproof-role.json"

// File is a file to write.
type File struct {
	Name string
	Text []byte
	// before and behind are what stands around the file's path in the command that applies it.
	before, behind string
}

// Command is the command that applies the file, which was written to path.
func (f File) Command(path string) string {
	return strings.TrimSpace(f.before + " " + path + " " + f.behind)
}

var templates = map[string]func() Template{
	"searches": SavedSearches, "querypack": QueryPack, "alerts": Alerts, "prometheus": Prometheus,
}

// Files are the files of some kinds in some formats. A role has one form. Scopes are those that the role may be assigned at.
func Files(kinds, formats, scopes []string) ([]File, error) {
	if err := known("--what", kinds, Kinds); err != nil {
		return nil, err
	}
	if err := known("--format", formats, Formats); err != nil {
		return nil, err
	}
	var out []File
	for _, kind := range Kinds {
		if !slices.Contains(kinds, kind) {
			continue
		}
		if kind == "role" {
			text, err := Role(scopes)
			if err != nil {
				return nil, err
			}
			out = append(out, File{Name: RoleFile, Text: text, before: "az role definition create --role-definition"})
			continue
		}
		out = append(out, templateFiles(kind, templates[kind](), formats)...)
	}
	return out, nil
}

func templateFiles(kind string, t Template, formats []string) []File {
	var out []File
	for _, format := range Formats {
		if !slices.Contains(formats, format) {
			continue
		}
		f := File{Name: "crashproof-" + kind + ".bicep", before: "az deployment group create --resource-group RESOURCE_GROUP --template-file", behind: parameters(t)}
		if format == "bicep" {
			f.Text = t.Bicep()
		} else {
			f.Name, f.Text = "crashproof-"+kind+".json", t.ARM()
		}
		out = append(out, f)
	}
	return out
}

// parameters are those that a deployment is given, with what to put in in capitals.
func parameters(t Template) string {
	var given []string
	for _, p := range t.Params {
		switch {
		case p.Name == groupsParam.Name:
			given = append(given, p.Name+`='["ACTION_GROUP_ID"]'`)
		case p.Default == nil, p.Name == clusterParam.Name:
			given = append(given, p.Name+"="+placeholders[p.Name])
		}
	}
	return "--parameters " + strings.Join(given, " ")
}

var placeholders = map[string]string{
	"workspaceResourceId": "WORKSPACE_ID", "monitorWorkspaceResourceId": "AZURE_MONITOR_WORKSPACE_ID", "clusterResourceId": "CLUSTER_ID",
}

func known(flag string, given, all []string) error {
	for _, g := range given {
		if !slices.Contains(all, g) {
			return fmt.Errorf("%s %q is not known; give one or more of %s", flag, g, strings.Join(all, ", "))
		}
	}
	if len(given) == 0 {
		return fmt.Errorf("%s names nothing; give one or more of %s", flag, strings.Join(all, ", "))
	}
	return nil
}
