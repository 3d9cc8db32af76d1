package redact_test

import (
	"bytes"
	"fmt"

	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// inHouse finds the keys of a house, which no list of forms knows.
type inHouse struct{}

func (inHouse) Detect(text []byte) []redact.Span {
	i := bytes.Index(text, []byte("SHOP-"))
	if i < 0 {
		return nil
	}
	return []redact.Span{{Start: i, End: i + len("shop-0000"), Kind: "shop-key"}}
}

func Example() {
	r, err := redact.New(redact.Options{Key: []byte("fixed, so that this example has one output"), Detectors: []redact.Detector{inHouse{}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.String("dial postgres://app:s3cr3t-99@db:5432/shop: connection refused"))
	fmt.Println(r.String("DB_PASSWORD=s3cr3t-99 DB_HOST=db"))
	fmt.Println(r.String(`password authentication failed for user "app"`))
	fmt.Println(r.String("opened with SHOP-4711"))
	// Output:
	// dial postgres://app:[redacted:password:5385a877]@db:5432/shop: connection refused
	// DB_PASSWORD=[redacted:password:5385a877] DB_HOST=db
	// password authentication failed for user "app"
	// opened with [redacted:shop-key:301a02fc]
}
