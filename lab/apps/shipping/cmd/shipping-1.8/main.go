// Command shipping, release 1.8.
package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/apps/shipping/server"
)

func main() {
	var o server.Options
	root := &cobra.Command{Use: "shipping", Short: "Quotes parcels", PersistentPreRun: func(c *cobra.Command, _ []string) { c.SilenceUsage = true }}
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Serve the HTTP API",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return server.Run("1.8.0", o) },
	}
	serve.Flags().StringVar(&o.Listen, "listen", ":8080", "address to listen on")
	serve.Flags().StringVar(&o.ConfigFile, "config", "", "configuration file (YAML)")
	serve.Flags().StringVar(&o.DatabaseURL, "database-url", os.Getenv("DATABASE_URL"), "PostgreSQL connection string")
	serve.Flags().Bool("enable-legacy-rates", false, "answer with the rates of the 2022 contract (deprecated)")
	root.AddCommand(serve)
	if err := root.Execute(); err != nil {
		os.Exit(1)
	}
}
