package azure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// What starts the gaps of Azure's side.
const What = "Azure: "

// missed turns an answer into a gap: why, and which role or step closes it.
func (r *round) missed(src access.Source, of string, err error) {
	what := What + src.What
	if of != "" {
		what += " (" + of + ")"
	}
	if errors.Is(err, context.DeadlineExceeded) && r.ctx.Err() == nil {
		err = &absent{"it did not answer within " + oneTry.String(), "run it again"}
	}
	r.gap(explain(src, what, err))
}

func (r *round) gap(g evidence.Gap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.AddGap(g)
}

func explain(src access.Source, what string, err error) evidence.Gap {
	g := evidence.Gap{What: what, Source: evidence.Cloud, Reason: evidence.Unavailable, Detail: brief(err), Close: "run it again"}
	var answer *azcore.ResponseError
	var login *azidentity.AuthenticationFailedError
	var silent *azidentity.AuthenticationRequiredError
	var none *absent
	switch {
	case errors.As(err, &none):
		g.Reason, g.Close = evidence.NotFound, none.mend
	case errors.Is(err, errBudget):
		g.Reason, g.Close = evidence.NotAsked, "run `crashproof azure check`, which reads every source"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		g.Reason, g.Detail, g.Close = evidence.NotAsked, "Azure took longer than it may (--azure-timeout)", "run it again with more time"
	case errors.As(err, &login), errors.As(err, &silent), strings.Contains(err.Error(), "DefaultAzureCredential"):
		g.Reason, g.Detail, g.Close = evidence.Forbidden, signIn(err), "log in (az login), or give the pod a workload identity; --azure=off leaves Azure out"
	case errors.As(err, &answer):
		answered(&g, src, answer)
	}
	return g
}

// absent is something that there is not, with what would make it be there.
type absent struct{ text, mend string }

// Error says what there is not.
func (a *absent) Error() string { return a.text }

// answered reads what Azure said.
func answered(g *evidence.Gap, src access.Source, e *azcore.ResponseError) {
	g.Detail = fmt.Sprintf("%d %s", e.StatusCode, or(e.ErrorCode, http.StatusText(e.StatusCode)))
	if said := message(e); said != "" {
		g.Detail += ": " + said
	}
	switch {
	case e.StatusCode == http.StatusUnauthorized:
		g.Reason, g.Close = evidence.Forbidden, "the token was not accepted, or has expired: log in again (az login)"
	case e.StatusCode == http.StatusForbidden:
		g.Reason = evidence.Forbidden
		g.Close = fmt.Sprintf("assign the role %s on %s; it may take some minutes, for logs an hour, until it counts", src.Role, src.On)
	case e.ErrorCode == "SubscriptionNotFound", e.ErrorCode == "InvalidSubscriptionId":
		g.Reason, g.Close = evidence.NotFound, "the identity does not see that subscription: log in to its tenant (az login --tenant TENANT), or name the cluster (--azure-cluster RESOURCE_ID)"
	case e.StatusCode == http.StatusNotFound:
		g.Reason, g.Close = evidence.NotFound, "it does not exist (any more), or the identity may not see it: "+src.Role+" on "+src.On+" tells which"
	case e.StatusCode == http.StatusTooManyRequests:
		g.Detail = "Azure throttles: " + g.Detail
		g.Close = "run it again" + later(e)
	case strings.Contains(strings.ToLower(g.Detail), "basic") && e.StatusCode == http.StatusBadRequest:
		g.Close = "the table is on the Basic or Auxiliary plan, which such queries cannot read: set its plan to Analytics, or search it in the portal"
	case e.StatusCode == http.StatusBadRequest:
		g.Close = "report it with the words above"
	}
}

// later is when a throttled request may be made again.
func later(e *azcore.ResponseError) string {
	if e.RawResponse == nil {
		return ""
	}
	if s := e.RawResponse.Header.Get("Retry-After"); s != "" {
		return " after " + s + " s"
	}
	return ""
}

// message is the innermost message of an error's body: ARM and the log query API nest them.
func message(e *azcore.ResponseError) string {
	if e.RawResponse == nil || e.RawResponse.Body == nil {
		return ""
	}
	var body struct {
		Error nested `json:"error"`
	}
	b, err := runtime.Payload(e.RawResponse) // kept by the SDK, so that it can be read again
	if err != nil || json.Unmarshal(b, &body) != nil {
		return ""
	}
	in := body.Error
	for in.Inner != nil && in.Inner.Message != "" {
		in = *in.Inner
	}
	return oneLine(in.Message)
}

type nested struct {
	Message string  `json:"message"`
	Inner   *nested `json:"innererror"`
}

// ids are correlation and trace IDs, which differ from answer to answer and help nobody here.
var ids = regexp.MustCompile(`(?i)\s*(?:trace|correlation) ?id: \S+|\s*timestamp: \S+ \S+`)

// signIn says in a line why there is no token: the SDK lists the whole chain.
func signIn(err error) string {
	text := err.Error()
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if i := strings.Index(line, "AADSTS"); i >= 0 {
			return oneLine(ids.ReplaceAllString(line[i:], ""))
		}
		if strings.Contains(line, "expired") {
			return oneLine(line)
		}
	}
	return "none of the SDK's ways to log in gave a token"
}

// brief is an error in a line.
func brief(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, ": dial tcp"); i >= 0 {
		text = text[i+2:]
	}
	return oneLine(text)
}

const longestLine = 240

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "") + "…"
	}
	return s
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
