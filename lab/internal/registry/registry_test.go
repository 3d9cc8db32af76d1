package registry

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/random"
)

func TestRulesPreferTheNearest(t *testing.T) {
	var r Rules
	for repository, a := range map[string]Answer{
		"shop.azurecr.io/shop/api": Broken, "shop/api": TooMany, "shop/web": NotFound,
		"acme.azurecr.io": Forbidden, "bad.azurecr.io": UntrustedTLS, "private/open": OK,
	} {
		if err := r.Set(repository, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		host, repository string
		want             Answer
	}{
		{"shop.azurecr.io", "shop/api", Broken},
		{"other.azurecr.io", "shop/api", TooMany},
		{"shop.azurecr.io", "shop/web", NotFound},
		{"acme.azurecr.io", "anything", Forbidden},
		{"docker.io", "private/x", Unauthorized},
		{"docker.io", "limited/x", TooMany},
		{"docker.io", "private/open", OK},
		{"docker.io", "library/privateer", OK},
		{"bad.azurecr.io", "x", OK}, // it fails earlier
	} {
		if got := r.ForRepository(c.host, c.repository); got != c.want {
			t.Errorf("%s/%s is answered %s, want %s", c.host, c.repository, got, c.want)
		}
	}
	if got := r.ForHost("bad.azurecr.io"); got != UntrustedTLS {
		t.Errorf("the host is answered %s, want %s", got, UntrustedTLS)
	}
	if err := r.Set("shop/api", ""); err != nil {
		t.Fatal(err)
	}
	if got := r.ForRepository("other.azurecr.io", "shop/api"); got != OK {
		t.Errorf("a removed rule still answers %s", got)
	}
}

func TestRulesRefuseNonsense(t *testing.T) {
	for repository, a := range map[string]Answer{"": OK, "shop/api": "418", "shop/api:1": UntrustedTLS, "nodots": UnknownHost} {
		if err := Check(repository, a); err == nil {
			t.Errorf("rule %q %q was taken", repository, a)
		}
	}
}

func serve(t *testing.T) (*Server, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "images")
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	img, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	name := map[string]string{RefAnnotation: "shop.azurecr.io/shop/api:1"}
	if err := path.AppendImage(img, layout.WithAnnotations(name)); err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return &Server{Store: &Store{Dir: dir}, Rules: &Rules{}}, digest.String()
}

func get(s *Server, host, path string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func TestServerAnswers(t *testing.T) {
	s, digest := serve(t)
	for _, c := range []struct {
		host, path string
		want       int
	}{
		{"shop.azurecr.io", "/v2/", 200},
		{"shop.azurecr.io", "/v2/shop/api/manifests/1", 200},
		{"shop.azurecr.io:443", "/v2/shop/api/manifests/" + digest, 200},
		{"shop.azurecr.io", "/v2/shop/api/manifests/2", 404},
		{"other.azurecr.io", "/v2/shop/api/manifests/1", 404},
		{"shop.azurecr.io", "/v2/shop/api/blobs/" + digest, 200},
		{"shop.azurecr.io", "/v2/shop/api/blobs/sha256:" + strings.Repeat("0", 64), 404},
		{"shop.azurecr.io", "/v2/shop/api/blobs/../../index.json", 404},
		{"shop.azurecr.io", "/v2/private/api/manifests/1", 401},
		{"shop.azurecr.io", "/v2/denied/api/manifests/1", 403},
		{"shop.azurecr.io", "/v2/limited/api/manifests/1", 429},
		{"shop.azurecr.io", "/v2/broken/api/manifests/1", 500},
		{"shop.azurecr.io", "/oauth2/token", 401},
		{"auth.docker.io", "/token", 200},
		{"shop.azurecr.io", "/v2/shop/api/tags/list", 404},
	} {
		if got := get(s, c.host, c.path).StatusCode; got != c.want {
			t.Errorf("GET https://%s%s answers %d, want %d", c.host, c.path, got, c.want)
		}
	}
}

func TestChallengeNamesTheTokenService(t *testing.T) {
	s, _ := serve(t)
	got := get(s, "shop.azurecr.io", "/v2/private/api/manifests/1").Header.Get("WWW-Authenticate")
	want := `Bearer realm="https://shop.azurecr.io/oauth2/token",service="shop.azurecr.io",scope="repository:private/api:pull"`
	if got != want {
		t.Errorf("challenge is\n%s, want\n%s", got, want)
	}
	got = get(s, "registry-1.docker.io", "/v2/private/api/manifests/1").Header.Get("WWW-Authenticate")
	if !strings.Contains(got, "https://auth.docker.io/token") || !strings.Contains(got, "insufficient_scope") {
		t.Errorf("challenge of Docker Hub is %s", got)
	}
}
