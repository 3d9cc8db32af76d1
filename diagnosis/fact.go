package diagnosis

import (
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// strength says how far a fact carries.
type strength int

const (
	weak     strength = 1 // it is compatible with the cause and with much else
	strong   strength = 2 // it speaks for the cause
	decisive strength = 3 // it settles the cause where its needs are met
)

// fact is what one producer says about the instances of a case. Facts are named by id; those made by signatures that
// name a cause carry it in cause.
type fact struct {
	id       string
	cause    string
	strength strength
	producer evidence.Producer
	ref      string
	text     string
	time     time.Time
	attrs    map[string]string
	count    int
}

// facts is a case's set, one per id, cause and producer; repeated observations raise the count.
type facts []fact

func (fs *facts) add(f fact) {
	f.count = max(f.count, 1)
	for i := range *fs {
		o := &(*fs)[i]
		if o.id == f.id && o.cause == f.cause && o.producer == f.producer {
			n := o.count + f.count
			if f.strength > o.strength {
				*o = f
			}
			o.count = n
			return
		}
	}
	*fs = append(*fs, f)
}

func (fs facts) get(id string) (fact, bool) {
	for _, f := range fs {
		if f.id == id {
			return f, true
		}
	}
	return fact{}, false
}

func (fs facts) has(ids ...string) bool {
	for _, id := range ids {
		if _, ok := fs.get(id); ok {
			return true
		}
	}
	return false
}
