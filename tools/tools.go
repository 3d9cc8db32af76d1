//go:build tools

// Package tools keeps the versions of the programs that the Makefile builds, apart from the product's modules.
package tools

import _ "github.com/golangci/golangci-lint/v2/cmd/golangci-lint"
