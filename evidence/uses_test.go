package evidence

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Hosts are what settings say that a pod connects to, and nothing that only looks like an address.
func TestHostsOfSettings(t *testing.T) {
	for setting, want := range map[string][]string{
		"API=https://api.example.com/v1?x=1":                {"api.example.com"},
		"DATABASE_URL=postgres://user:secret@db:5432/shop":  {"db.shop"},
		"DB_HOST=orders-db":                                 {"orders-db.shop"},
		"DB_HOST=orders-db.sales.svc.cluster.local":         {"orders-db.sales"},
		"CACHE=redis.cache.svc:6379":                        {"redis.cache"},
		"BROKERS=kafka-0.kafka:9092,kafka-1.kafka:9092":     {"kafka-0.kafka", "kafka-1.kafka"},
		"smtp_server=mail.example.org":                      {"mail.example.org"},
		"PGHOST=10.0.0.7":                                   nil,
		"LISTEN=:8080":                                      nil,
		"LISTEN=0.0.0.0:8080":                               nil,
		"HOST=localhost":                                    nil,
		"VERSION=1.2.3":                                     nil,
		"CLASS=com.example.Main":                            nil,
		"FILE=/etc/app/config.yaml":                         nil,
		"LOGGER=com.example.shop":                           nil,
		"WINDOW=10:30":                                      nil,
		"NOTE=see http docs: here":                          nil,
		"SERVER_MODE=Standalone":                            nil,
		"SERVER_MODE=production":                            nil,
		"REGISTRY_PASSWORD=hunter2":                         nil,
		"DB_HOST_PASSWORD=s3cr3t-of-db":                     nil,
		"SERVER_TOKEN=abcdef":                               nil,
		"API_KEY=abc.def:99":                                nil,
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://otel.shop:4317": nil,
	} {
		name, value, _ := strings.Cut(setting, "=")
		p := PodFromAPI(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "x"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Env: []corev1.EnvVar{{Name: name, Value: value}}}}}})
		var got []string
		for _, u := range Uses(p) {
			if host, ok := strings.CutPrefix(u, "Host/"); ok {
				got = append(got, host)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", setting, got, want)
		}
	}
}
