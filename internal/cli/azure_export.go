package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/azure/export"
)

// azureExport are the flags of `azure export`.
type azureExport struct {
	streams genericiooptions.IOStreams
	dir     string
	formats []string
	what    []string
	scopes  []string
	force   bool
}

func newAzureExport(streams genericiooptions.IOStreams) *cobra.Command {
	o := &azureExport{streams: streams}
	cmd := &cobra.Command{
		Use:   "export --dir DIR",
		Short: "Write queries, alert rules and a role as Bicep and ARM templates",
		Long: `export writes files that a pipeline applies: the queries as saved searches and as a query pack, alert rules on logs and
on Prometheus metrics, and a role that may read what crashproof reads. It calls nothing in Azure, and prints the
commands that apply the files.

The files were neither compiled nor deployed where crashproof was made: run what-if before you apply one.`,
		Example: `
# everything, as Bicep
crashproof azure export --dir infra/crashproof

# the alert rules only, as ARM templates, over those of last time
crashproof azure export --dir infra --what alerts,prometheus --format arm --force

# the role, to look at
crashproof azure export --dir - --what role --assignable-scope /subscriptions/SUBSCRIPTION_ID`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return o.run() },
	}
	f := cmd.Flags()
	f.StringVar(&o.dir, "dir", "", "Directory to write to, made where it is not there; - prints a single file")
	f.StringSliceVar(&o.formats, "format", export.Formats[:1], "Forms of the templates: "+strings.Join(export.Formats, ", "))
	f.StringSliceVar(&o.what, "what", export.Kinds, "What to export: "+strings.Join(export.Kinds, ", "))
	f.StringSliceVar(&o.scopes, "assignable-scope", nil, "Subscription or resource group, as a resource ID, that the role may be assigned at; may be repeated")
	f.BoolVar(&o.force, "force", false, "Write over files that are there")
	must(cmd.MarkFlagDirname("dir"))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(export.Formats, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("what", cobra.FixedCompletions(export.Kinds, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (o *azureExport) run() error {
	if o.dir == "" {
		return errors.New("--dir is missing; give a directory for the files, or - to print one")
	}
	files, err := export.Files(o.what, o.formats, o.scopes)
	if err != nil {
		return err
	}
	if o.dir == "-" {
		return o.print(files)
	}
	if err := o.write(files); err != nil {
		return err
	}
	o.tell(files)
	return nil
}

func (o *azureExport) print(files []export.File) error {
	if len(files) != 1 {
		return fmt.Errorf("--dir - prints a single file, and these are %d; give one --what and one --format", len(files))
	}
	_, err := o.streams.Out.Write(files[0].Text)
	return err
}

// write writes all files, or none where one is there already.
func (o *azureExport) write(files []export.File) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("making the directory for the files: %w", err)
	}
	for _, f := range files {
		path := filepath.Join(o.dir, f.Name)
		if _, err := os.Lstat(path); err == nil && !o.force {
			return fmt.Errorf("%s is there already, and nothing was written; --force writes over it", path)
		}
	}
	for _, f := range files {
		if err := writeWhole(filepath.Join(o.dir, f.Name), f.Text, o.force); err != nil {
			return err
		}
	}
	return nil
}

// tell says what was written, and how to apply it.
func (o *azureExport) tell(files []export.File) {
	for _, f := range files {
		fmt.Fprintln(o.streams.Out, "wrote", filepath.Join(o.dir, f.Name))
	}
	fmt.Fprintln(o.streams.Out, "\nNothing was applied. Put your own names in, look at what `what-if` says, and run:")
	for _, f := range files {
		fmt.Fprintf(o.streams.Out, "\n  %s\n", f.Command(shellWord(filepath.Join(o.dir, f.Name))))
	}
	for _, f := range files {
		if f.Name == export.RoleFile && len(o.scopes) == 0 {
			fmt.Fprintf(o.streams.Out, "\n%s may be assigned at %s: put your subscription there, or give --assignable-scope.\n", filepath.Join(o.dir, f.Name), export.NoSubscription)
		}
	}
}

// writeWhole lets a file appear under its name only when it is whole. Without force it never takes the place of another.
func writeWhole(path string, text []byte, force bool) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer os.Remove(tmp.Name()) // fails once it was renamed
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err == nil {
		err = putInPlace(tmp.Name(), path, force)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; --force writes over it", path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// putInPlace gives a written file its name. A link fails where the name is taken, as a rename does not; a file system that has
// no links is left with the look that was taken before.
func putInPlace(tmp, path string, force bool) error {
	if !force {
		if err := os.Link(tmp, path); err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return os.Rename(tmp, path)
}

// shellWord quotes a path for a shell where it needs that.
func shellWord(s string) string {
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+,=@%:") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
