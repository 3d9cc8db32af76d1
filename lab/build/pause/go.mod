module github.com/crashproof-dev/crashproof/lab/build/pause

go 1.26
