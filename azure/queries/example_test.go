package queries_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

func ExampleQuery_Render() {
	q, err := queries.Find("nodes")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := q.Render(map[string]any{"window": 2 * time.Hour, "cluster": `a "quoted" name`})
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "let ") {
			fmt.Println(line)
		}
	}
	// Output:
	// let window = 2h;
	// let cluster = "a \"quoted\" name";
}
