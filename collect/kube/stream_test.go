package kube

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func podList(n int) *corev1.PodList {
	l := &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "9", Continue: "next"}}
	l.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("PodList"))
	for i := range n {
		l.Items = append(l.Items, *podOf("shop", "api-v1", "v1", fmt.Sprintf("api-%d", i)))
	}
	return l
}

func names(items *[]string) func([]byte, encoding) error {
	return func(item []byte, form encoding) error {
		p, err := decode[corev1.Pod](item, form)
		*items = append(*items, p.Name)
		return err
	}
}

func TestDecodeList(t *testing.T) {
	proto := encodeProtobuf(podList(3))
	json := `{"kind":"PodList","extra":{"a":[1]},"items":[{"metadata":{"name":"api-0"}},{"metadata":{"name":"api-1"}},{"metadata":{"name":"api-2"}}],"metadata":{"continue":"next"}}`
	for name, body := range map[string]string{"protobuf": string(proto), "JSON": json} {
		t.Run(name, func(t *testing.T) {
			var got []string
			next, err := decodeList(strings.NewReader(body), names(&got))
			if err != nil || next != "next" {
				t.Errorf("%q %v", next, err)
			}
			if d := cmp.Diff([]string{"api-0", "api-1", "api-2"}, got); d != "" {
				t.Error(d)
			}
			// Wherever the answer breaks off, that is an error and never a shorter list.
			for cut := range len(body) - 40 {
				var some []string
				if _, err := decodeList(strings.NewReader(body[:cut]), names(&some)); err == nil {
					t.Fatalf("cut after %d of %d bytes: no error, %v", cut, len(body), some)
				}
			}
		})
	}
}

func TestDecodeEmptyLists(t *testing.T) {
	for name, body := range map[string]string{"protobuf": string(encodeProtobuf(podList(0))), "null": `{"metadata":{},"items":null}`, "none": `{"metadata":{}}`} {
		var got []string
		if _, err := decodeList(strings.NewReader(body), names(&got)); err != nil || len(got) > 0 {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestDecodeGarbage(t *testing.T) {
	for _, body := range []string{"", "<html>", "[]", "\"x\"", "k8s\x00\xff\xff\xff\xff", "k8s\x00\x12\xff\xff\xff\xff\xff\xff\xff\x7f", `{"items":{}}`, `{"items":[1}`} {
		if _, err := decodeList(strings.NewReader(body), func([]byte, encoding) error { return nil }); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestWithoutManagedFields(t *testing.T) {
	p := podOf("shop", "api-v1", "v1", "api-0")
	b, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode[corev1.Pod](withoutManagedFields([]byte("before"), b)[len("before"):], inProtobuf)
	if err != nil {
		t.Fatal(err)
	}
	p.ManagedFields = nil
	if d := cmp.Diff(p, got); d != "" {
		t.Error(d)
	}
	if odd := []byte{0xff}; !bytes.Equal(withoutManagedFields(nil, odd), odd) {
		t.Error("what cannot be read must stay as it is")
	}
}

func FuzzDecodeList(f *testing.F) {
	f.Add(encodeProtobuf(podList(2)))
	f.Add([]byte(`{"items":[{"metadata":{"name":"a"}}],"metadata":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = decodeList(bytes.NewReader(b), func(item []byte, form encoding) error {
			_, err := decode[corev1.Pod](withoutManagedFields(nil, item), form)
			return err
		})
	})
}
