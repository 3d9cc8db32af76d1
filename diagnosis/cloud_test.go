package diagnosis

import (
	"encoding/json"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
)

func rule(t *testing.T, text string) evidence.Raw {
	t.Helper()
	var r evidence.Raw
	if err := json.Unmarshal([]byte(`{"name":"r","properties":{"direction":"Outbound","protocol":"*","sourceAddressPrefix":"*",`+text+`}}`), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatARuleIsAbout(t *testing.T) {
	for name, c := range map[string]struct {
		rule       string
		host       string
		port       int
		fits, sure bool
	}{
		"of a source port":         {`"sourcePortRange":"25","access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"a port that is not told":  {`"access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"443"`, "20.1.2.3", 0, false, false},
		"all of IPv4":              {`"access":"Deny","destinationAddressPrefix":"0.0.0.0/0","destinationPortRange":"*"`, "2001:db8::1", 443, false, false},
		"everything":               {`"access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"*"`, "db.example.com", 5432, true, true},
		"the internet, a name":     {`"access":"Deny","destinationAddressPrefix":"Internet","destinationPortRange":"443"`, "api.example.com", 443, true, false},
		"the internet, a number":   {`"access":"Deny","destinationAddressPrefix":"Internet","destinationPortRange":"443"`, "20.1.2.3", 443, true, true},
		"another port":             {`"access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"25"`, "20.1.2.3", 443, false, false},
		"a range of ports":         {`"access":"Deny","destinationAddressPrefix":"*","destinationPortRanges":["80","400-500"]`, "20.1.2.3", 443, true, true},
		"UDP":                      {`"protocol":"Udp","access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"another block":            {`"access":"Deny","destinationAddressPrefix":"10.0.0.0/8","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"its block":                {`"access":"Deny","destinationAddressPrefixes":["10.0.0.0/8","20.1.0.0/16"],"destinationPortRange":"*"`, "20.1.2.3", 443, true, true},
		"a tag that is denied":     {`"access":"Deny","destinationAddressPrefix":"Sql","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"a tag that is allowed":    {`"access":"Allow","destinationAddressPrefix":"AzureCloud","destinationPortRange":"443"`, "20.1.2.3", 443, true, false},
		"inside":                   {`"access":"Deny","destinationAddressPrefix":"VirtualNetwork","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"of some machines only":    {`"sourceAddressPrefix":"10.0.9.0/24","access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"*"`, "20.1.2.3", 443, false, false},
		"a port that is no number": {`"access":"Deny","destinationAddressPrefix":"*","destinationPortRange":"http"`, "20.1.2.3", 443, false, false},
	} {
		if fits, sure := covered(rule(t, c.rule), nil, c.host, c.port); fits != c.fits || sure != c.sure {
			t.Errorf("%s: fits %t, sure %t", name, fits, sure)
		}
	}
}

func TestInnermostError(t *testing.T) {
	var e evidence.Raw
	if err := json.Unmarshal([]byte(`{"error":{"code":"QuotaExceeded","message":"outer","details":[{"code":"OperationNotAllowed","message":"exceeding approved Total Regional Cores quota"}]}}`), &e); err != nil {
		t.Fatal(err)
	}
	if code, message := innermost(e); code != "OperationNotAllowed" || message != "exceeding approved Total Regional Cores quota" {
		t.Errorf("%s: %s", code, message)
	}
}

func TestInsightOfADetector(t *testing.T) {
	var d evidence.Raw
	text := `{"properties":{"dataset":[{"renderingProperties":{"type":23},"table":{"columns":[],"rows":[]}},{"table":{"columns":[{"columnName":"Status"},{"columnName":"Message"}],"rows":[["Success","fine"]]}},
	{"table":{"columns":[{"columnName":"Status"},{"columnName":"Message"}],"rows":[["Critical","2 nodes\n are not ready"],["","x"]]}}]}}`
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if got := insight(d); got != "2 nodes are not ready" {
		t.Errorf("%q", got)
	}
}

// world with a security group of one subnet and a program that gets no answer.
func egress(t *testing.T, target string, rules string) facts {
	t.Helper()
	s := &evidence.Snapshot{}
	add := func(kind, name, text string) {
		var r evidence.Raw
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		s.Objects = append(s.Objects, evidence.NewCloudObject(kind, name, r))
	}
	add(evidence.VirtualNetwork, "v", `{"properties":{"subnets":[{"id":"/v/subnets/a","name":"a","properties":{"networkSecurityGroup":{"id":"/nsg/g"},"routeTable":{"id":"/rt/r"}}}]}}`)
	add(evidence.SecurityGroup, "g", `{"id":"/nsg/g","properties":{"securityRules":[`+rules+`]}}`)
	c := &sickCase{input: &input{s: s}, members: []member{{pod: &evidence.Pod{}}}}
	c.facts = facts{{id: "log:timeout", cause: "dependency.timeout", strength: strong, producer: evidence.Process, attrs: map[string]string{"target": target}}}
	c.egressFacts(&c.members[0])
	return c.facts
}

const denyAll = `{"name":"deny","properties":{"priority":4096,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"*"}}`

func allow(to, port string) string {
	return `{"name":"allow","properties":{"priority":100,"direction":"Outbound","access":"Allow","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"` + to + `","destinationPortRange":"` + port + `"}},`
}

func TestWhenARuleSettlesIt(t *testing.T) {
	for name, c := range map[string]struct {
		target, rules string
		want          strength
	}{
		"everything is denied":                       {"smtp.example.net:587", denyAll, decisive},
		"a name that an allowed block may hold":      {"smtp.example.net:587", allow("20.50.2.0/24", "587") + denyAll, strong},
		"an allowed block for another port":          {"smtp.example.net:587", allow("20.50.2.0/24", "443") + denyAll, decisive},
		"a name that may be of the network":          {"db.privatelink.example.net:5432", allow("VirtualNetwork", "*") + denyAll, strong},
		"an address outside of the allowed block":    {"20.1.2.3:587", allow("20.50.2.0/24", "587") + denyAll, decisive},
		"an address within the allowed block":        {"20.50.2.9:587", allow("20.50.2.0/24", "587") + denyAll, 0},
		"a port that is not told, and one is denied": {"smtp.example.net", `{"name":"deny","properties":{"priority":1,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","destinationAddressPrefix":"*","destinationPortRange":"443"}}`, 0},
		"plain HTTP where HTTPS is denied":           {"http://api.example.com/x", `{"name":"deny","properties":{"priority":1,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","destinationAddressPrefix":"*","destinationPortRange":"443"}}`, 0},
	} {
		got := strength(0)
		for _, f := range egress(t, c.target, c.rules) {
			if f.id == "cloud.egress-denied" {
				got = f.strength
			}
		}
		if got != c.want {
			t.Errorf("%s: strength %d, want %d", name, got, c.want)
		}
	}
}
