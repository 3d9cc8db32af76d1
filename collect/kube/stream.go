package kube

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// encoding is how an item of a list is written.
type encoding bool

const (
	inJSON     encoding = false
	inProtobuf encoding = true
)

// protobufMagic starts every Kubernetes protobuf answer; a runtime.Unknown follows
// (apimachinery/pkg/runtime/serializer/protobuf).
var protobufMagic = []byte{'k', '8', 's', 0}

// maxItem bounds one item; the API server accepts requests of at most 3 MiB, and etcd 1.5 MiB by default.
const maxItem = 32 << 20

// decodeList reads a list item by item and returns its continue token. An item's bytes are valid only during the call.
func decodeList(r io.Reader, each func(item []byte, form encoding) error) (string, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	start, err := br.Peek(len(protobufMagic))
	if err != nil {
		return "", noEOF(err)
	}
	if bytes.Equal(start, protobufMagic) {
		_, _ = br.Discard(len(protobufMagic))
		return decodeProtobuf(br, each)
	}
	return decodeJSON(br, each)
}

// decodeProtobuf walks through Unknown{typeMeta=1, raw=2, …} and, within raw, through XList{metadata=1, items=2}
// (generated.proto of apimachinery/pkg/runtime and of each API group).
func decodeProtobuf(br *bufio.Reader, each func([]byte, encoding) error) (string, error) {
	for {
		field, n, err := nextField(br)
		if err != nil {
			return "", noEOF(err) // even an empty list has a raw part: its metadata
		}
		if field == 2 {
			return decodeItems(br, n, each)
		}
		if _, err := br.Discard(n); err != nil {
			return "", noEOF(err)
		}
	}
}

func decodeItems(br *bufio.Reader, size int, each func([]byte, encoding) error) (string, error) {
	in := bufio.NewReaderSize(io.LimitReader(br, int64(size)), 64<<10)
	var buf []byte
	var meta metav1.ListMeta
	for left := size; left > 0; {
		field, n, err := nextField(in)
		if err != nil {
			return "", noEOF(err)
		}
		if n > maxItem {
			return "", fmt.Errorf("one item has %d bytes", n)
		}
		if cap(buf) < n {
			buf = make([]byte, n, n+n/2)
		}
		buf = buf[:n]
		if _, err := io.ReadFull(in, buf); err != nil {
			return "", noEOF(err)
		}
		switch field {
		case 1:
			err = meta.Unmarshal(buf)
		case 2:
			err = each(buf, inProtobuf)
		}
		if err != nil {
			return "", err
		}
		left -= n + varintLen(uint64(n)) + 1
	}
	return meta.Continue, nil
}

// nextField reads the key and the length of a length-delimited field; the messages at hand have no others.
func nextField(br *bufio.Reader) (field, length int, err error) {
	key, err := binary.ReadUvarint(br)
	if err != nil {
		return 0, 0, err
	}
	if key&7 != 2 {
		return 0, 0, errors.New("the list is not in the protobuf form of Kubernetes")
	}
	n, err := binary.ReadUvarint(br)
	if err != nil {
		return 0, 0, noEOF(err)
	}
	if n > 1<<40 {
		return 0, 0, errors.New("the list is not in the protobuf form of Kubernetes")
	}
	return int(key >> 3), int(n), nil
}

func varintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// decodeJSON walks through the tokens of a list up to its items.
func decodeJSON(r io.Reader, each func([]byte, encoding) error) (string, error) {
	dec := json.NewDecoder(r)
	var meta metav1.ListMeta
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return "", errors.New("the answer is not a list")
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return "", noEOF(err)
		}
		switch key {
		case "items":
			err = jsonItems(dec, each)
		case "metadata":
			err = dec.Decode(&meta)
		default:
			var skipped json.RawMessage
			err = dec.Decode(&skipped)
		}
		if err != nil {
			return "", noEOF(err)
		}
	}
	_, err := dec.Token()
	return meta.Continue, noEOF(err)
}

func jsonItems(dec *json.Decoder, each func([]byte, encoding) error) error {
	t, err := dec.Token()
	if err != nil || t == nil { // "items": null
		return err
	}
	if t != json.Delim('[') {
		return errors.New("the list's items are no list")
	}
	for dec.More() {
		var item json.RawMessage
		if err := dec.Decode(&item); err != nil {
			return err
		}
		if err := each(item, inJSON); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}

// noEOF makes an end in the middle an error of its own; io.EOF would look like the proper end.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// message is a generated API type.
type message[T any] interface {
	*T
	Unmarshal([]byte) error
}

// decode reads one item into a typed object.
func decode[T any, P message[T]](item []byte, form encoding) (P, error) {
	out := P(new(T))
	if form == inProtobuf {
		return out, out.Unmarshal(item)
	}
	return out, json.Unmarshal(item, out)
}
