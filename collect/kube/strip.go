package kube

import "encoding/binary"

// Field numbers of generated.proto: Pod.metadata and ObjectMeta.managedFields.
const (
	fieldMetadata      = 1
	fieldManagedFields = 17
)

// withoutManagedFields appends to dst an object's protobuf form without its managedFields, which are about a third of
// a pod's bytes and most of the work of decoding it. What does not look like an object is copied as it is.
func withoutManagedFields(dst, obj []byte) []byte {
	start := len(dst)
	for rest := obj; len(rest) > 0; {
		field, body, size, ok := cutField(rest)
		if !ok {
			return append(dst[:start], obj...)
		}
		if field == fieldMetadata {
			dst = appendTrimmedMeta(dst, body)
		} else {
			dst = append(dst, rest[:size]...)
		}
		rest = rest[size:]
	}
	return dst
}

func appendTrimmedMeta(dst, meta []byte) []byte {
	kept := make([]byte, 0, len(meta))
	for rest := meta; len(rest) > 0; {
		field, _, size, ok := cutField(rest)
		if !ok {
			kept = append(kept, rest...)
			break
		}
		if field != fieldManagedFields {
			kept = append(kept, rest[:size]...)
		}
		rest = rest[size:]
	}
	dst = append(dst, fieldMetadata<<3|2)
	dst = binary.AppendUvarint(dst, uint64(len(kept)))
	return append(dst, kept...)
}

// cutField reads one field: its number, the body of a length-delimited one, and the bytes that it takes in all.
func cutField(b []byte) (field int, body []byte, size int, ok bool) {
	key, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, 0, false
	}
	switch key & 7 {
	case 0: // varint
		_, m := binary.Uvarint(b[n:])
		return int(key >> 3), nil, n + m, m > 0
	case 2: // length-delimited
		length, m := binary.Uvarint(b[n:])
		if m <= 0 || length > uint64(len(b)-n-m) {
			return 0, nil, 0, false
		}
		end := n + m + int(length)
		return int(key >> 3), b[n+m : end], end, true
	}
	return 0, nil, 0, false
}
