package registry

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// fail answers with the error form of the distribution specification.
func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Del("Etag")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}})
}

// challenge asks for a bearer token, as Azure's and Docker's registries do: a
// client without credentials then asks the token service, which refuses it
// (Azure) or gives a token that allows nothing (Docker).
func challenge(w http.ResponseWriter, host, repository string) {
	realm, service, problem := "https://"+host+"/oauth2/token", host, ""
	if host == "docker.io" {
		realm, service = "https://auth.docker.io/token", "registry.docker.io"
		problem = `,error="insufficient_scope"`
	}
	w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service=%q,scope="repository:%s:pull"%s`, realm, service, repository, problem))
	fail(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization for more information.")
}

func isToken(path string) bool { return path == "/oauth2/token" || path == "/token" }

func (s *Server) serveToken(w http.ResponseWriter, _ *http.Request, host string) {
	if host == "auth.docker.io" {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"token": "anonymous", "access_token": "anonymous", "expires_in": 300})
		return
	}
	fail(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization for more information.")
}
