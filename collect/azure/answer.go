package azure

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"github.com/crashproof-dev/crashproof/evidence"
)

// answer makes a call of one of the SDK's clients and returns the JSON that Azure sent: the SDK's types drop fields that
// they do not know, and cannot tell an absent field from an empty one.
func answer(ctx context.Context, call func(context.Context) error) (evidence.Raw, error) {
	var resp *http.Response
	if err := call(policy.WithCaptureResponse(ctx, &resp)); err != nil {
		return nil, err
	}
	return body(resp)
}

// ask makes a call that counts; pool names the one for which it is, where it is for one.
func (r *round) ask(pool string, call func(context.Context) error) (evidence.Raw, error) {
	if err := r.c.spend(pool); err != nil {
		return nil, err
	}
	return answer(r.ctx, call)
}

// read gets a resource for which there is no client; the call counts.
func (r *round) read(ctx context.Context, path, apiVersion string, query map[string]string) (evidence.Raw, error) {
	if err := r.c.spend(""); err != nil {
		return nil, err
	}
	return r.c.get(ctx, path, apiVersion, query)
}

func body(resp *http.Response) (evidence.Raw, error) {
	b, err := runtime.Payload(resp)
	if err != nil {
		return nil, err
	}
	var raw evidence.Raw
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, fmt.Errorf("the answer is no JSON object: %w", err)
	}
	return raw, nil
}

// items reads pages of a list, as many as may be; cut tells that there were more.
func items[T any](ctx context.Context, p *runtime.Pager[T], pages int, spend func() error) (out []evidence.Raw, cut bool, err error) {
	for range pages {
		if !p.More() {
			return out, false, nil
		}
		if err := spend(); err != nil {
			return out, len(out) > 0, err
		}
		raw, err := answer(ctx, func(ctx context.Context) error { _, err := p.NextPage(ctx); return err })
		if err != nil {
			return out, len(out) > 0, err
		}
		out = append(out, raw.List("value")...)
	}
	return out, p.More(), nil
}

// version of this client in its requests' User-Agent.
const moduleName, moduleVersion = "crashproof", "v1.0.0"

// get reads a resource for which there is no client, or one that drops what is wanted.
func (c *Collector) get(ctx context.Context, path, apiVersion string, query map[string]string) (evidence.Raw, error) {
	client, err := arm.NewClient(moduleName, moduleVersion, c.cred, c.arm)
	if err != nil {
		return nil, err
	}
	req, err := runtime.NewRequest(ctx, http.MethodGet, runtime.JoinPaths(client.Endpoint(), path))
	if err != nil {
		return nil, err
	}
	q := req.Raw().URL.Query()
	q.Set("api-version", apiVersion)
	for k, v := range query {
		q.Set(k, v)
	}
	req.Raw().URL.RawQuery = q.Encode()
	req.Raw().Header.Set("Accept", "application/json")
	resp, err := client.Pipeline().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if !runtime.HasStatusCode(resp, http.StatusOK) {
		return nil, runtime.NewResponseError(resp)
	}
	return body(resp)
}
