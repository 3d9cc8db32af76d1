package cli

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const managed = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/shop"

// azureOnLoopback is an Azure with one cluster: everything but its pools may be read. Tokens come from a managed identity of a
// service, the one form of login that needs no other program.
func azureOnLoopback(t *testing.T, token int) (flags []string) {
	t.Helper()
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(token)
		if token != http.StatusOK {
			_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app 'x' are expired. Trace ID: 1 Correlation ID: 2"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":"t","expires_on":"%d","resource":"x","token_type":"Bearer"}`, time.Now().Add(time.Hour).Unix())
	}))
	t.Cleanup(login.Close)
	answers := map[string]string{
		managed:                      `{"id":"` + managed + `","name":"shop","properties":{"nodeResourceGroup":"MC","addonProfiles":{"omsagent":{"config":{"logAnalyticsWorkspaceResourceID":"/subscriptions/1/resourceGroups/l/providers/Microsoft.OperationalInsights/workspaces/w"}}}}}`,
		"/maintenanceconfigurations": `{"value":[]}`, "/management/values": `{"value":[]}`, "/availabilitystatuses/current": `{"name":"current","properties":{}}`, "/virtualnetworks": `{"value":[]}`, "/detectors": `{"value":[]}`,
		"/workspaces/w":                   `{"properties":{"customerId":"22222222-2222-2222-2222-222222222222"}}`,
		"/query":                          `{"tables":[{"name":"PrimaryResult","columns":[{"name":"Namespace","type":"string"},{"name":"Restarts","type":"long"}],"rows":[["shop",14]]}]}`,
		"/datacollectionruleassociations": `{"value":[]}`,
	}
	arm := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		path := strings.ToLower(req.URL.Path)
		for end, body := range answers {
			if strings.HasSuffix(path, strings.ToLower(end)) {
				_, _ = io.WriteString(w, body)
				return
			}
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"error":{"code":"AuthorizationFailed","message":"no right to read `+req.URL.Path+`"}}`)
	}))
	t.Cleanup(arm.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: arm.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{"SSL_CERT_FILE": ca, "IDENTITY_ENDPOINT": login.URL, "IDENTITY_HEADER": "h", "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential", "KUBECONFIG": filepath.Join(t.TempDir(), "none")} {
		t.Setenv(k, v)
	}
	return []string{"--azure-cluster", managed, "--azure-resource-manager", arm.URL, "--azure-logs", arm.URL}
}

func call(args ...string) (status int, out, errOut string) {
	var o, e bytes.Buffer
	status = Main(append([]string{"crashproof"}, args...), strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

func TestAzureCheck(t *testing.T) {
	flags := azureOnLoopback(t, http.StatusOK)
	status, out, errOut := call(append([]string{"azure", "check", "--exit-code", "-o", "json"}, flags...)...)
	var states []struct {
		Source   string
		Readable *bool
		Why      []string
	}
	if err := json.Unmarshal([]byte(out), &states); err != nil || status != exitFindings {
		t.Fatalf("status %d, %v\n%s%s", status, err, out, errOut)
	}
	for _, s := range states {
		switch s.Source {
		case "pools":
			if s.Readable == nil || *s.Readable || len(s.Why) != 1 || !strings.Contains(s.Why[0], "assign the role Reader on the managed cluster") {
				t.Errorf("%+v", s)
			}
		case "cluster", "maintenance", "activity", "health", "workspace", "logs":
			if s.Readable == nil || !*s.Readable {
				t.Errorf("%+v", s)
			}
		case "registry", "instances":
			if s.Readable != nil {
				t.Errorf("%+v was never asked", s)
			}
		}
	}
}

func TestAzureCheckWithoutLogin(t *testing.T) {
	flags := azureOnLoopback(t, http.StatusBadRequest)
	// another cloud's tokens: those of the tests before are still good
	status, out, errOut := call(append([]string{"azure", "check", "--azure-cloud", "AzureUSGovernment"}, flags...)...)
	if status != 0 || !strings.Contains(out, "az login") || strings.Contains(out, "yes") {
		t.Errorf("status %d\n%s%s", status, out, errOut)
	}
}

func TestAzureQueryRuns(t *testing.T) {
	flags := azureOnLoopback(t, http.StatusOK)
	status, out, errOut := call(append([]string{"azure", "queries", "restarts-by-namespace", "--run"}, flags...)...)
	if status != 0 || !strings.Contains(out, "NAMESPACE") || !strings.Contains(out, "shop") || !strings.Contains(out, "14") {
		t.Errorf("status %d\n%s%s", status, out, errOut)
	}
	status, _, errOut = call(append([]string{"azure", "queries", "restarts-by-namespace", "--run", "--set", "windw=1h"}, flags...)...)
	if status != exitFailed || !strings.Contains(errOut, "windw") {
		t.Errorf("status %d: %s", status, errOut)
	}
}

func TestAzureFlags(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"diagnose deployment/x -f nothing.yaml --azure=maybe", "on, off or auto"},
		{"azure check --azure-cluster nonsense", "no resource ID"},
		{"azure check --azure-cluster " + managed + " --azure-cloud Mars", "AzureChinaCloud"},
		{"azure check --azure-cluster " + managed + " --azure-resource-manager http://127.0.0.1:1", "https://"},
	} {
		if status, _, errOut := call(strings.Fields(c.args)...); status != exitFailed || !strings.Contains(errOut, c.want) {
			t.Errorf("%s: status %d: %s", c.args, status, errOut)
		}
	}
}
