// Command crashproof proves why pods crash-loop.
package main

import (
	"os"

	"github.com/crashproof-dev/crashproof/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
