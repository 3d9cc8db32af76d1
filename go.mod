module github.com/crashproof-dev/crashproof

go 1.26
