package azure

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// token answers as the endpoint of a managed identity does in App Service.
func (s *Server) token(out http.ResponseWriter, r *http.Request) {
	s.count(&s.asked.Tokens)
	if a, broken := s.fault("token"); broken {
		s.write(out, a)
		return
	}
	resource := r.URL.Query().Get("resource")
	switch {
	case r.Header.Get("X-IDENTITY-HEADER") != s.secret:
		s.write(out, answer{status: http.StatusUnauthorized, body: object{"statusCode": http.StatusUnauthorized, "message": "The header X-IDENTITY-HEADER is not that of this identity."}})
	case resource == "" || r.URL.Query().Get("api-version") != "2019-08-01":
		s.write(out, answer{status: http.StatusBadRequest, body: object{"statusCode": http.StatusBadRequest, "message": "The parameters resource and api-version=2019-08-01 are needed."}})
	default:
		until := s.clock().Add(24 * time.Hour)
		s.write(out, ok(object{"access_token": s.issue(resource, until), "expires_on": strconv.FormatInt(until.Unix(), 10), "resource": resource, "token_type": "Bearer", "client_id": s.world.estate.id("caller client")}))
	}
}

// issue makes a token in the form of a JWT; its signature is nobody's.
func (s *Server) issue(audience string, until time.Time) string {
	part := func(o object) string {
		raw, err := json.Marshal(o)
		if err != nil {
			return ""
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	e := s.world.estate
	text := part(object{"alg": "RS256", "typ": "JWT"}) + "." + part(object{"aud": audience, "iss": "https://sts.windows.net/" + s.world.tenant() + "/", "oid": e.id("caller"), "appid": e.id("caller client"),
		"tid": s.world.tenant(), "exp": until.Unix(), "jti": uuid.NewString()}) + ".none"
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[text] = audience
	return text
}

// Audiences for which each service takes tokens.
var (
	armAudiences        = []string{"management.azure.com", "management.core.windows.net"}
	logAudiences        = []string{"api.loganalytics.io", "api.loganalytics.azure.com"}
	prometheusAudiences = []string{"prometheus.monitor.azure.com"}
)

// refused is the answer to a request without a fitting token. Tokens for the server's own URL fit everywhere.
func (s *Server) refused(r *http.Request, audiences []string) (answer, bool) {
	deny := func(code, message string) (answer, bool) {
		a := failure(http.StatusUnauthorized, code, "%s", message)
		a.headers = map[string]string{"WWW-Authenticate": `Bearer authorization_uri="https://login.windows.net/` + s.world.tenant() + `", error="invalid_token"`}
		return a, true
	}
	text, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		return deny("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
	}
	s.mu.Lock()
	audience, known := s.tokens[text]
	s.mu.Unlock()
	if !known {
		return deny("InvalidAuthenticationToken", "The access token is invalid.")
	}
	u, err := url.Parse(audience)
	if err != nil || !slices.Contains(audiences, u.Host) && u.Scheme+"://"+u.Host != s.url {
		return deny("InvalidAuthenticationTokenAudience", "The access token has been obtained for wrong audience or resource '"+audience+"'.")
	}
	return answer{}, false
}
