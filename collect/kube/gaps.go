package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/crashproof-dev/crashproof/evidence"
)

// errTruncated marks a list of which only a part could be read.
var errTruncated = errors.New("the list broke off")

// missed turns an answer to one request into a gap: why, and which permission or step closes it.
func missed(what string, source evidence.Producer, verb string, res resource, ns string, err error) evidence.Gap {
	g := evidence.Gap{What: what, Source: source, Reason: reasonOf(err), Detail: trim(err)}
	switch g.Reason {
	case evidence.Forbidden:
		g.Close = grant(verb, res, ns)
	case evidence.NotAsked:
		g.Detail = "the collection was stopped before it was read: " + g.Detail
		g.Close = "run it again with more time (--request-timeout)"
	case evidence.Unavailable, evidence.Truncated:
		g.Close = "run it again"
	}
	return g
}

// grant names a permission as people put it into a role.
func grant(verb string, res resource, ns string) string {
	name := res.name
	if res.group != "" {
		name += "." + res.group
	}
	if ns == "" {
		return fmt.Sprintf("grant %s on %s in the whole cluster (a ClusterRole)", verb, name)
	}
	return fmt.Sprintf("grant %s on %s in namespace %s", verb, name, ns)
}

func reasonOf(err error) evidence.GapReason {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return evidence.NotAsked
	case errors.Is(err, errTruncated):
		return evidence.Truncated
	case apierrors.IsForbidden(err):
		return evidence.Forbidden
	case apierrors.IsNotFound(err):
		return evidence.NotFound
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		return evidence.Truncated
	}
	return evidence.Unavailable
}

// status returns the HTTP status of an API error, or 0.
func status(err error) int32 {
	var st apierrors.APIStatus
	if errors.As(err, &st) {
		return st.Status().Code
	}
	return 0
}

func isBadRequest(err error) bool { return status(err) == http.StatusBadRequest }
