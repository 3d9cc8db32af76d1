package azure

import (
	"maps"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// tree is all resources by the lower case of their IDs.
type tree map[string]object

// put adds or replaces a resource; its id, name and type follow from the ID unless the body has them.
func (t tree) put(id string, body object) {
	whole := identity(id)
	maps.Copy(whole, body)
	t[strings.ToLower(id)] = whole
}

// patch merges into a resource, or adds one.
func (t tree) patch(id string, with object) {
	old, ok := t[strings.ToLower(id)]
	if !ok {
		old = identity(id)
	}
	t[strings.ToLower(id)] = merge(old, with)
}

// remove takes a resource and everything below it away.
func (t tree) remove(id string) {
	key := strings.ToLower(id)
	maps.DeleteFunc(t, func(k string, _ object) bool { return k == key || strings.HasPrefix(k, key+"/") })
}

// below lists the resources that are directly in a collection, by ID.
func (t tree) below(collection string) []object {
	prefix := strings.ToLower(collection) + "/"
	return t.list(func(key string) bool {
		name, ok := strings.CutPrefix(key, prefix)
		return ok && name != "" && !strings.Contains(name, "/")
	})
}

// ofType lists a subscription's resources of a type, in whatever resource group.
func (t tree) ofType(subscription, kind string) []object {
	return t.list(func(key string) bool {
		return strings.HasPrefix(key, strings.ToLower("/subscriptions/"+subscription+"/resourcegroups/")) && strings.EqualFold(typeOf(key), kind)
	})
}

func (t tree) list(want func(key string) bool) []object {
	var out []object
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if want(key) {
			out = append(out, t[key])
		}
	}
	return out
}

// identity is what every resource says of itself.
func identity(id string) object {
	return object{"id": id, "name": lastOf(id), "type": typeOf(id)}
}

func lastOf(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// typeOf reads a resource's type from its ID: what follows the last provider, without the names.
func typeOf(id string) string {
	at := strings.LastIndex(strings.ToLower(id), "/providers/")
	if at < 0 {
		if strings.Contains(strings.ToLower(id), "/resourcegroups/") {
			return "Microsoft.Resources/resourceGroups"
		}
		return "Microsoft.Resources/subscriptions"
	}
	parts := strings.Split(id[at+len("/providers/"):], "/")
	kind := parts[0]
	for i := 1; i < len(parts); i += 2 {
		kind += "/" + parts[i]
	}
	return kind
}

// groupOf is the resource group that an ID names.
func groupOf(id string) string {
	parts := strings.Split(id, "/")
	for i, p := range parts[:len(parts)-1] {
		if strings.EqualFold(p, "resourceGroups") {
			return parts[i+1]
		}
	}
	return ""
}

// merge is JSON Merge Patch, RFC 7386: objects are merged, null removes, everything else replaces.
func merge(old, with object) object {
	out := maps.Clone(old)
	if out == nil {
		out = object{}
	}
	for k, v := range with {
		switch v := v.(type) {
		case nil:
			delete(out, k)
		case object:
			below, _ := out[k].(object)
			out[k] = merge(below, v)
		default:
			out[k] = v
		}
	}
	return out
}

// field follows names into an object; nil where there is none.
func field(o object, path ...string) any {
	var at any = o
	for _, p := range path {
		m, ok := at.(object)
		if !ok {
			return nil
		}
		at = m[p]
	}
	return at
}
