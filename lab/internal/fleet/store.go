package fleet

import (
	"context"
	"fmt"
	"slices"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Store is the API server's etcd.
type Store struct{ client *clientv3.Client }

// Open connects to an etcd of loopback.
func Open(endpoint string) (*Store, error) {
	c, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 10 * time.Second})
	if err != nil {
		return nil, fmt.Errorf("connecting to etcd: %w", err)
	}
	return &Store{c}, nil
}

// Close ends the connection.
func (s *Store) Close() error { return s.client.Close() }

// atOnce is how many operations etcd takes in one transaction (its default of --max-txn-ops is 128).
const atOnce = 100

// Put writes objects below the API server. It sees them as it sees what another API server writes.
func (s *Store) Put(ctx context.Context, objects []Stored) error {
	return s.each(ctx, objects, func(o Stored) clientv3.Op { return clientv3.OpPut(o.Key, string(o.Value)) })
}

// Remove takes them away again.
func (s *Store) Remove(ctx context.Context, objects []Stored) error {
	return s.each(ctx, objects, func(o Stored) clientv3.Op { return clientv3.OpDelete(o.Key) })
}

func (s *Store) each(ctx context.Context, objects []Stored, do func(Stored) clientv3.Op) error {
	for some := range slices.Chunk(objects, atOnce) {
		var ops []clientv3.Op
		for _, o := range some {
			ops = append(ops, do(o))
		}
		if _, err := s.client.Txn(ctx).Then(ops...).Commit(); err != nil {
			return fmt.Errorf("storing %s and what follows: %w", some[0].Key, err)
		}
	}
	return nil
}
