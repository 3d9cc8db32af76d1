package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/crashproof-dev/crashproof/evidence"
)

// The forms in which the API answers. Lists of built-in kinds come as protobuf, which is several times cheaper to
// decode; a server or proxy that knows only JSON answers with it.
const (
	asProtobuf = "application/vnd.kubernetes.protobuf,application/json"
	asJSON     = "application/json"
	asMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	asMetaList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// open starts a GET and holds one of the slots until the answer's body is closed.
func (c *Collector) open(ctx context.Context, path, accept string, query url.Values) (io.ReadCloser, error) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	req := c.rest.Get().AbsPath(path).SetHeader("Accept", accept)
	for k, vs := range query {
		for _, v := range vs {
			req.Param(k, v)
		}
	}
	body, err := req.Stream(ctx)
	if err != nil {
		<-c.slots
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	return &slotted{body, c.slots}, nil
}

type slotted struct {
	io.ReadCloser
	slots chan struct{}
}

func (s *slotted) Close() error {
	if s.slots != nil {
		<-s.slots
		s.slots = nil
	}
	return s.ReadCloser.Close()
}

// raw reads a whole answer.
func (c *Collector) raw(ctx context.Context, path, accept string) ([]byte, error) {
	body, err := c.open(ctx, path, accept, nil)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	b, err := io.ReadAll(body)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return b, err
}

// get reads one object in its JSON form.
func (c *Collector) get(ctx context.Context, res resource, ns, name, accept string) (evidence.Object, error) {
	b, err := c.raw(ctx, res.path(ns, name), accept)
	if err != nil {
		return evidence.Object{}, err
	}
	var raw evidence.Raw
	if err := json.Unmarshal(b, &raw); err != nil {
		return evidence.Object{}, fmt.Errorf("the answer about %s/%s is not JSON: %w", res.name, name, err)
	}
	return object(raw, res), nil
}

// object gives an answer its identity. A PartialObjectMetadata says so in its kind; what matters is what it is about.
func object(raw evidence.Raw, res resource) evidence.Object {
	if k := raw.Str("kind"); k == "" || k == "PartialObjectMetadata" {
		raw["kind"], raw["apiVersion"] = res.kind, res.apiVersion()
	}
	return evidence.NewObject(raw, res.apiVersion(), res.kind, "live")
}

// list streams the items of a list to each. Where the server splits the list, the pages are followed; where it lets a
// page expire (410), or the answer breaks off, what was read stays read and the error wraps errTruncated.
func (c *Collector) list(ctx context.Context, path, accept string, query url.Values, each func(item []byte, form encoding) error) error {
	q := url.Values{}
	for k, v := range query {
		q[k] = v
	}
	for n := 0; ; n++ {
		body, err := c.open(ctx, path, accept, q)
		if err != nil {
			if n > 0 && (apierrors.IsResourceExpired(err) || apierrors.IsGone(err)) {
				return fmt.Errorf("%w after %d pages: %s", errTruncated, n, trim(err))
			}
			return err
		}
		next, err := decodeList(body, each)
		body.Close()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("%w: %s", errTruncated, trim(err))
		case next == "":
			return nil
		}
		q.Set("continue", next)
		q.Del("resourceVersion") // must not be given together with continue
		q.Del("resourceVersionMatch")
	}
}

// cached asks for what the API server has in its watch cache, which costs etcd nothing.
func cached() url.Values { return url.Values{"resourceVersion": {"0"}} }
