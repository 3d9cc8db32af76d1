package bundle_test

import (
	"bytes"
	"fmt"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

func Example() {
	s := &evidence.Snapshot{Cluster: evidence.Cluster{UID: "c1"}, Events: []evidence.Event{{Reason: "BackOff", Message: "postgres://app:s3cr3t-99@db/shop refused"}}}
	var file bytes.Buffer
	if err := bundle.WriteTo(&file, s, bundle.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	back, err := bundle.ReadFrom(&file, "file")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(back.Cluster.UID, back.Redacted, len(back.Events))
	_, err = bundle.ReadFrom(bytes.NewReader([]byte("Name: api")), "notes.txt")
	fmt.Println(err)
	// Output:
	// c1 true 1
	// notes.txt is not a crashproof bundle: it is no gzip file; give a .tar.gz written by `crashproof capture`, or the folder it unpacks to
}
