package diagnosis_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// together puts the sick pods of several worlds into one snapshot, each under its own name.
func together(t *testing.T, worlds map[string]*world, objects ...evidence.Object) *diagnosis.Report {
	t.Helper()
	all := crashed(t, 1, 9e9, nil)
	all.s.Objects = objects
	for name, w := range worlds {
		w.pod.Name, w.pod.UID = name+"-0", "uid-"+w.pod.UID
		w.pod.Labels = map[string]string{"app": name}
		raw, err := evidence.ToRaw(w.pod)
		if err != nil {
			t.Fatal(err)
		}
		all.s.Objects = append(all.s.Objects, evidence.NewObject(raw, "v1", "Pod", "live"))
		for _, l := range w.s.Logs {
			l.Instance.Pod = w.pod.Name
			all.s.Logs = append(all.s.Logs, l)
		}
		all.s.Population.Add(evidence.Row{Namespace: "shop", Pod: w.pod.Name, WorkloadKind: "Pod", Workload: w.pod.Name, Symptom: "crash-loop", Active: true})
	}
	return all.read()
}

func service(name, app string) evidence.Object {
	return evidence.NewObject(evidence.Raw{"metadata": map[string]any{"namespace": "shop", "name": name},
		"spec": map[string]any{"selector": map[string]any{"app": app}, "clusterIP": "10.0.3.4"}}, "v1", "Service", "live")
}

// One sick database is one finding, however many cannot use it; and what is the matter with each is kept apart.
func TestBlame(t *testing.T) {
	refused := func(target string) *world {
		return crashed(t, 1, 9e9, nil).says("1s FATAL dial tcp " + target + ": connect: connection refused")
	}
	sick := func() *world {
		return crashed(t, 1, 9e9, func(c *corev1.Container) { c.Name = "app" }).says(`1s FATAL:  could not load /data/pg/pg_hba.conf`)
	}
	for name, tt := range map[string]struct {
		worlds  map[string]*world
		objects []evidence.Object
		want    []string // subject, cause and victims of each finding
	}{
		"behind a Service": {map[string]*world{"db": sick(), "api": refused("10.0.3.4:5432"), "jobs": refused("postgres:5432")},
			[]evidence.Object{service("postgres", "db")}, []string{"Pod/db-0 config.invalid: api-0 jobs-0"}},
		"the Service is of others": {map[string]*world{"db": sick(), "api": refused("10.0.3.4:5432")},
			[]evidence.Object{service("postgres", "else")}, []string{"Pod/api-0 dependency.refused:", "Pod/db-0 config.invalid:"}},
		"no Service known, called alike": {map[string]*world{"db": sick(), "api": refused("db-0:5432")},
			nil, []string{"Pod/db-0 config.invalid: api-0"}},
		"two that need one outside": {map[string]*world{"api": refused("db.example.com:5432"), "jobs": refused("db.example.com:5432")},
			nil, []string{"external/db.example.com:5432 dependency.refused: api-0 jobs-0"}},
		"two that need two": {map[string]*world{"api": refused("db.example.com:5432"), "jobs": refused("mq.example.com:5672")},
			nil, []string{"Pod/api-0 dependency.refused:", "Pod/jobs-0 dependency.refused:"}},
		"each its own": {map[string]*world{"api": refused("localhost:5432"), "jobs": refused("localhost:5432")},
			nil, []string{"Pod/api-0 dependency.refused:", "Pod/jobs-0 dependency.refused:"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range together(t, tt.worlds, tt.objects...).Findings {
				who := f.Workload.Kind + "/" + f.Workload.Name
				if f.Workload.External != "" {
					who = "external/" + f.Workload.External
				}
				text := who + " " + f.Cause + ":"
				for _, v := range f.Victims {
					text += " " + v.Name
				}
				got = append(got, text)
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// Two that blame each other are two findings.
func TestBlameInACircle(t *testing.T) {
	refused := func(target string) *world {
		return crashed(t, 1, 9e9, nil).says("1s FATAL dial tcp " + target + ": connect: connection refused")
	}
	r := together(t, map[string]*world{"a": refused("b-0:80"), "b": refused("a-0:80")})
	if len(r.Findings) != 2 || len(r.Findings[0].Victims)+len(r.Findings[1].Victims) != 0 {
		t.Errorf("%+v", r.Findings)
	}
}
