package describe

import (
	"regexp"
	"strings"
)

var volumeName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?:$`)

// volumes reads the volumes of a pod or template (describeVolumes); indent is that of their names.
func (b *block) volumes(s section, indent int, spec map[string]any) {
	out := []any{}
	if s.val == "<none>" {
		spec["volumes"] = out
		return
	}
	var starts []int
	for i := s.from; i < s.to; i++ {
		if l := b.at(i); l.n == indent && volumeName.MatchString(l.s) {
			starts = append(starts, i)
		}
	}
	for k, at := range starts {
		to := s.to
		if k+1 < len(starts) {
			to = starts[k+1]
		}
		b.use(at)
		v := map[string]any{"name": strings.TrimSuffix(b.at(at).s, ":")}
		if field, src := b.volumeSource(at+1, to, false); field != "" {
			v[field] = src
		}
		out = append(out, v)
	}
	spec["volumes"] = out
}

// plain are the volume types whose printers show nothing but strings, numbers and booleans: from describe's key to the
// API's field. Fields that are printed as Go prints a pointer or a list are left out.
var plain = map[string]struct {
	field string
	keys  map[string]string
}{
	"HostPath":              {"hostPath", map[string]string{"Path": "path", "HostPathType": "type"}},
	"EmptyDir":              {"emptyDir", map[string]string{"Medium": "medium", "SizeLimit": "sizeLimit"}},
	"Secret":                {"secret", map[string]string{"SecretName": "secretName", "Optional": "optional"}},
	"ConfigMap":             {"configMap", map[string]string{"Name": "name", "Optional": "optional"}},
	"NFS":                   {"nfs", map[string]string{"Server": "server", "Path": "path", "ReadOnly": "readOnly"}},
	"PersistentVolumeClaim": {"persistentVolumeClaim", map[string]string{"ClaimName": "claimName", "ReadOnly": "readOnly"}},
	"Image":                 {"image", map[string]string{"Reference": "reference", "PullPolicy": "pullPolicy"}},
	"LocalVolume":           {"local", map[string]string{"Path": "path"}},
	"GCEPersistentDisk":     {"gcePersistentDisk", map[string]string{"PDName": "pdName", "FSType": "fsType", "Partition": "partition", "ReadOnly": "readOnly"}},
	"AWSElasticBlockStore":  {"awsElasticBlockStore", map[string]string{"VolumeID": "volumeID", "FSType": "fsType", "Partition": "partition", "ReadOnly": "readOnly"}},
	"AzureDisk":             {"azureDisk", map[string]string{"DiskName": "diskName", "DiskURI": "diskURI", "Kind": "kind", "FSType": "fsType", "CachingMode": "cachingMode", "ReadOnly": "readOnly"}},
	"AzureFile":             {"azureFile", map[string]string{"SecretName": "secretName", "SecretNamespace": "secretNamespace", "ShareName": "shareName", "ReadOnly": "readOnly"}},
	"GitRepo":               {"gitRepo", map[string]string{"Repository": "repository", "Revision": "revision"}},
	"Glusterfs":             {"glusterfs", map[string]string{"EndpointsName": "endpoints", "EndpointsNamespace": "endpointsNamespace", "Path": "path", "ReadOnly": "readOnly"}},
	"PortworxVolume":        {"portworxVolume", map[string]string{"VolumeID": "volumeID"}},
	"vSphereVolume":         {"vsphereVolume", map[string]string{"VolumePath": "volumePath", "FSType": "fsType", "StoragePolicyName": "storagePolicyName"}},
	"Cinder":                {"cinder", map[string]string{"VolumeID": "volumeID", "FSType": "fsType", "ReadOnly": "readOnly"}},
	"CSI":                   {"csi", map[string]string{"Driver": "driver", "FSType": "fsType", "VolumeHandle": "volumeHandle", "ReadOnly": "readOnly"}},
}

// volumeSource reads a source's fields at indent 4 and returns its name in the API; empty for a type that is shown as
// <unknown>, or whose fields cannot be told. pv is true for a persistent volume's.
func (b *block) volumeSource(from, to int, pv bool) (string, map[string]any) {
	fields := b.group(from, to, 4)
	if len(fields) == 0 || fields[0].key != "Type" {
		b.unknownSource(from, to)
		return "", nil
	}
	kind, _, _ := strings.Cut(fields[0].val, " (")
	b.use(fields[0].line)
	fields = fields[1:]
	switch kind {
	case "Projected":
		return "projected", b.projected(fields)
	case "DownwardAPI":
		return "downwardAPI", b.downwardAPI(fields)
	case "EphemeralVolume":
		return "ephemeral", b.ephemeral(fields)
	case "CSI":
		src := b.plainFields(fields, plain[kind].keys)
		b.csiAttributes(fields, src)
		return "csi", src
	}
	p, ok := plain[kind]
	if !ok {
		return "", nil
	}
	src := b.plainFields(fields, p.keys)
	if kind == "ConfigMap" && pv {
		return "", nil
	}
	return p.field, src
}

func (b *block) unknownSource(from, to int) {
	for i := from; i < to; i++ {
		if b.at(i).s == "<unknown>" { // a source that this kubectl did not know
			b.use(i)
		}
	}
}

func (b *block) plainFields(fields []section, keys map[string]string) map[string]any {
	src := map[string]any{}
	for _, f := range fields {
		field := keys[f.key]
		if field == "" {
			continue
		}
		b.use(f.line)
		if isNone(f.val) {
			continue
		}
		switch f.key {
		case "ReadOnly", "Optional":
			if v, ok := boolean(f.val); ok {
				src[field] = v
			}
		case "Partition":
			if n, ok := number(f.val); ok {
				src[field] = n
			}
		default:
			src[field] = f.val
		}
	}
	return src
}

// projected reads the sources of a projected volume. Printed in any order; Optional belongs to the name before it. A
// token's path and audience, the items, and cluster trust bundles are never shown.
func (b *block) projected(fields []section) map[string]any {
	sources := []any{}
	var ref map[string]any
	for _, f := range fields {
		switch f.key {
		case "SecretName", "ConfigMapName":
			ref = map[string]any{"name": f.val}
			sources = append(sources, map[string]any{map[string]string{"SecretName": "secret", "ConfigMapName": "configMap"}[f.key]: ref})
		case "Optional", "ConfigMapOptional", "SecretOptionalName":
			// the latter two are those of 1.32 and before, where the value may be <nil>
			if v, ok := boolean(f.val); ok && ref != nil {
				ref["optional"] = v
			}
		case "DownwardAPI":
			sources = append(sources, map[string]any{"downwardAPI": map[string]any{}})
		case "TokenExpirationSeconds":
			token := map[string]any{}
			if n, ok := number(f.val); ok {
				token["expirationSeconds"] = n
			}
			sources = append(sources, map[string]any{"serviceAccountToken": token})
		default:
			continue
		}
		b.use(f.line)
	}
	return map[string]any{"sources": sources}
}

var item = regexp.MustCompile(`^(\S+) -> (.*)$`)

func (b *block) downwardAPI(fields []section) map[string]any {
	items := []any{}
	for _, f := range fields {
		if f.key != "Items" {
			continue
		}
		b.use(f.line)
		for _, l := range b.body(f) {
			m := item.FindStringSubmatch(l.s)
			if m == nil {
				continue
			}
			b.use(l.i)
			e := map[string]any{"path": m[2]}
			if strings.HasPrefix(m[1], "limits.") || strings.HasPrefix(m[1], "requests.") {
				e["resourceFieldRef"] = map[string]any{"resource": m[1]}
			} else {
				e["fieldRef"] = map[string]any{"fieldPath": m[1]}
			}
			items = append(items, e)
		}
	}
	return map[string]any{"items": items}
}

// csiAttributes reads key=value lines below VolumeAttributes.
func (b *block) csiAttributes(fields []section, src map[string]any) {
	for _, f := range fields {
		if f.key == "VolumeAttributes" {
			if m := b.pairs(f); len(m) > 0 {
				src["volumeAttributes"] = m
			}
		}
	}
}

// ephemeral reads a claim template, printed two levels in (printPersistentVolumeClaim with isFullPVC false); its
// labels and annotations are not indented as they should be, which the values' column heals.
func (b *block) ephemeral(fields []section) map[string]any {
	template := map[string]any{}
	for _, f := range fields {
		switch f.key {
		case "StorageClass":
			if !isNone(f.val) {
				put(template, f.val, "spec", "storageClassName")
			}
		case "VolumeMode":
			put(template, f.val, "spec", "volumeMode")
		case "Labels":
			if m := b.pairs(f); len(m) > 0 {
				put(template, m, "metadata", "labels")
			}
		case "Annotations":
			if m := b.annotations(f, "ephemeral.annotations"); len(m) > 0 {
				put(template, m, "metadata", "annotations")
			}
		case "Volume", "Capacity", "Access Modes":
			// of a claim, which does not exist yet: always empty here
		default:
			continue
		}
		b.use(f.line)
	}
	return map[string]any{"volumeClaimTemplate": template}
}
