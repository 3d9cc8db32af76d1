package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

var queryForms = []string{"text", "json"}

// azureQueries are the flags of `azure queries`.
type azureQueries struct {
	form     string
	set      []string
	describe bool
	run      bool
	look     *look
}

func newAzureQueries(streams genericiooptions.IOStreams) *cobra.Command {
	o := &azureQueries{look: newLook(streams)}
	cmd := &cobra.Command{
		Use:   "queries [NAME]",
		Short: "List the log queries, print one, or run it",
		Long: `queries lists the queries for a Log Analytics workspace that Container Insights writes to, prints one of them with
values for its parameters, or runs it (--run). A value becomes one literal of the query language, whatever it holds.

The queries resolve against the documented schemas under Microsoft's language service. They were executed on no live
workspace.`,
		Example: `
# what there is
crashproof azure queries

# one query, to paste into the portal
crashproof azure queries restarts-by-container --set namespace=shop --set window=6h

# what it takes and answers with, and what misleads about it
crashproof azure queries pod-history --describe

# run it against the cluster's workspace
crashproof azure queries restarts-by-container --set window=6h --run

# for programs
crashproof azure queries -o json
crashproof azure queries events --run -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkForm(o.form, queryForms); err != nil {
				return err
			}
			if len(args) == 0 {
				return o.list(streams.Out)
			}
			if o.run {
				return o.ask(cmd.Context(), streams, args[0])
			}
			return o.one(streams.Out, args[0])
		},
		ValidArgsFunction: completeQueries,
	}
	addForm(cmd, &o.form, queryForms)
	cmd.Flags().StringArrayVar(&o.set, "set", nil, "Value of a parameter: `NAME=VALUE`; lists have commas; may be repeated")
	cmd.Flags().BoolVar(&o.describe, "describe", false, "Show what the query is for, its parameters, columns and notes instead of its text")
	cmd.Flags().BoolVar(&o.run, "run", false, "Run the query against the cluster's workspace and print its answer")
	must(cmd.RegisterFlagCompletionFunc("set", completeSet))
	o.look.addConnection(cmd)
	o.look.azure.addFlags(cmd, "")
	return cmd
}

// ask runs a query. What the workspace could answer in part is printed, and said to be a part.
func (o *azureQueries) ask(ctx context.Context, streams genericiooptions.IOStreams, name string) error {
	q, err := queries.Find(name)
	if err != nil {
		return err
	}
	values, err := queryValues(q, o.set)
	if err != nil {
		return err
	}
	c, s, err := o.look.azureOf(ctx)
	if err != nil {
		return err
	}
	rows, err := c.Run(ctx, s, name, values)
	if err != nil && len(rows) == 0 {
		return err
	}
	if err != nil {
		fmt.Fprintln(streams.ErrOut, "crashproof: "+err.Error())
	}
	if o.form == "json" {
		return writeJSON(streams.Out, rows)
	}
	t := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	var heads []string
	for _, col := range q.Columns {
		heads = append(heads, strings.ToUpper(col.Name))
	}
	fmt.Fprintln(t, strings.Join(heads, "\t"))
	for _, r := range rows {
		var cells []string
		for _, col := range q.Columns {
			cells = append(cells, cell(r[col.Name]))
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	return t.Flush()
}

// cell is a value on one line.
func cell(v any) string {
	if v == nil {
		return "-"
	}
	return strings.Join(strings.Fields(fmt.Sprint(v)), " ")
}

func (o *azureQueries) list(out io.Writer) error {
	if len(o.set) > 0 || o.describe {
		return errors.New("--set and --describe are about one query; give its NAME")
	}
	all := queries.All()
	if o.form == "json" {
		return writeJSON(out, all)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tTABLES\tTITLE")
	for _, q := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\n", q.Name, strings.Join(q.Tables, ", "), q.Title)
	}
	return t.Flush()
}

func (o *azureQueries) one(out io.Writer, name string) error {
	q, err := queries.Find(name)
	if err != nil {
		return err
	}
	values, err := queryValues(q, o.set)
	if err != nil {
		return err
	}
	text, err := q.Render(values)
	if err != nil {
		return err
	}
	switch {
	case o.form == "json":
		rendered := *q
		rendered.Text = text
		return writeJSON(out, rendered)
	case o.describe:
		return describeQuery(out, q)
	}
	_, err = io.WriteString(out, text)
	return err
}

// queryValues reads NAME=VALUE pairs as the types of the query's parameters.
func queryValues(q *queries.Query, set []string) (map[string]any, error) {
	values := map[string]any{}
	for _, pair := range set {
		name, typed, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: give NAME=VALUE", pair)
		}
		value, err := q.Value(name, typed)
		if err != nil {
			return nil, fmt.Errorf("--set %s: %w", pair, err)
		}
		values[name] = value
	}
	return values, nil
}

func describeQuery(out io.Writer, q *queries.Query) error {
	fmt.Fprintf(out, "%s: %s\n\n%s\n\nTables: %s\n\n", q.Name, q.Title, q.Purpose, strings.Join(q.Tables, ", "))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PARAMETER\tTYPE\tDEFAULT\tIS")
	for _, p := range q.Params {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Name, p.Type, shorten(p.Default), p.Means)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t, "\nCOLUMN\tTYPE\tMEANS")
	for _, c := range q.Columns {
		fmt.Fprintf(t, "%s\t%s\t%s\n", c.Name, c.Type, c.Means)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nNotes:")
	for _, n := range append(q.Notes, "Executed on no live workspace: it resolves against the documented schemas.") {
		fmt.Fprintln(out, "- "+n)
	}
	return nil
}

// shorten keeps a long default from pushing its column out of the terminal.
func shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// completeQueries completes names, with their titles where the shell shows them.
func completeQueries(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, q := range queries.All() {
		out = append(out, cobra.CompletionWithDesc(q.Name, q.Title))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeSet completes the parameters of the query that is named already.
func completeSet(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	q, err := queries.Find(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, p := range q.Params {
		out = append(out, cobra.CompletionWithDesc(p.Name+"=", p.Means))
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
