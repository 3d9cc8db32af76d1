// Command crewapi tells who drives which train. It brings its schema to its own version before it listens.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

var steps = map[int]string{
	13: `create table if not exists shifts (id bigserial primary key, driver text not null, train text not null)`,
	14: `create unique index shifts_driver_train on shifts (driver, train)`,
	15: `alter table shifts add column depot text`,
}

func migrate(ctx context.Context, c *pgx.Conn, log *slog.Logger) error {
	if _, err := c.Exec(ctx, `create table if not exists schema_migrations (version int primary key, dirty bool not null)`); err != nil {
		return err
	}
	version, dirty := 12, false
	if err := c.QueryRow(ctx, `select version, dirty from schema_migrations`).Scan(&version, &dirty); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	log.Info("schema", "version", version, "target", 15)
	if dirty {
		return fmt.Errorf("dirty database at version %d, fix it and force a version", version)
	}
	for v := version + 1; v <= 15; v++ {
		if _, err := c.Exec(ctx, steps[v]); err != nil {
			return fmt.Errorf("version %d: %w", v, err)
		}
	}
	_, err := c.Exec(ctx, `delete from schema_migrations`)
	if err == nil {
		_, err = c.Exec(ctx, `insert into schema_migrations values (15, false)`)
	}
	return err
}

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("app", "crewapi")
	ctx := context.Background()
	log.Info("starting", "version", "3.4.0", "go", "1.26")
	log.Warn("tracing is off", "error", "no exporter configured")
	var c *pgx.Conn
	var err error
	for try := 1; ; try++ {
		if c, err = pgx.Connect(ctx, os.Getenv("DATABASE_URL")); err == nil {
			break
		}
		log.Warn("database is not reachable yet", "try", try, "error", err.Error())
		if try == 20 {
			os.Exit(1)
		}
		time.Sleep(2 * time.Second)
	}
	log.Info("connected", "server", c.PgConn().ParameterStatus("server_version"))
	if err := migrate(ctx, c, log); err != nil {
		log.Error("startup failed", "stage", "schema", "error", err.Error())
		for _, part := range []string{"roster cache", "metrics", "tracer", "database"} {
			log.Info("closing", "part", part)
		}
		log.Info("stopped", "error", "<nil>")
		os.Exit(1)
	}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	log.Error("server ended", "error", http.ListenAndServe(":8080", nil))
}
