package registry

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

// Server answers the pull half of the OCI distribution API.
type Server struct {
	Store *Store
	Rules *Rules
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := hostOf(r.Host)
	log.Printf("%s %s %s", r.Method, host, r.URL.Path)
	if isToken(r.URL.Path) {
		s.serveToken(w, r, host)
		return
	}
	if r.URL.Path == "/v2/" {
		w.WriteHeader(http.StatusOK)
		return
	}
	req, ok := parse(r.URL.Path)
	if !ok {
		fail(w, http.StatusNotFound, "UNSUPPORTED", "the operation is unsupported")
		return
	}
	switch s.Rules.ForRepository(host, req.repository) {
	case Unauthorized:
		challenge(w, host, req.repository)
	case Forbidden:
		fail(w, http.StatusForbidden, "DENIED", "requested access to the resource is denied")
	case NotFound:
		unknownManifest(w, req)
	case TooMany:
		fail(w, http.StatusTooManyRequests, "TOOMANYREQUESTS", "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading")
	case Broken:
		fail(w, http.StatusInternalServerError, "UNKNOWN", "internal server error")
	case Slow:
		s.serve(&slowWriter{ResponseWriter: w}, r, host, req)
	default:
		s.serve(w, r, host, req)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, host string, req request) {
	digest := req.reference
	if req.kind == "manifests" {
		d, ok, err := s.Store.Manifest(host, req.repository, req.reference)
		if err != nil {
			log.Print(err)
			fail(w, http.StatusInternalServerError, "UNKNOWN", "internal server error")
			return
		}
		if !ok {
			unknownManifest(w, req)
			return
		}
		digest = d.Digest.String()
		w.Header().Set("Content-Type", string(d.MediaType))
	} else {
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	file, err := s.Store.Blob(digest)
	if err != nil {
		fail(w, http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown to registry")
		return
	}
	defer func() { _ = file.Close() }()
	w.Header().Set("Docker-Content-Digest", digest)
	w.Header().Set("Etag", `"`+digest+`"`)
	http.ServeContent(w, r, "", time.Time{}, file)
}

func unknownManifest(w http.ResponseWriter, req request) {
	fail(w, http.StatusNotFound, "MANIFEST_UNKNOWN", fmt.Sprintf("manifest tagged by %q is not found", req.reference))
}

// slowWriter lets a response through at about 16 kB a second.
type slowWriter struct{ http.ResponseWriter }

func (s *slowWriter) Write(p []byte) (int, error) {
	const step = 4 << 10
	written := 0
	for len(p) > 0 {
		n, err := s.ResponseWriter.Write(p[:min(step, len(p))])
		written += n
		if err != nil {
			return written, err
		}
		if f, ok := s.ResponseWriter.(http.Flusher); ok {
			f.Flush()
		}
		p = p[n:]
		time.Sleep(250 * time.Millisecond)
	}
	return written, nil
}
