package runner

import (
	"context"
	"fmt"

	"k8s.io/client-go/kubernetes"

	"github.com/crashproof-dev/crashproof/lab/internal/azure"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// AskAzure says whether crashproof may ask Azure in scenarios that say how it is there.
type AskAzure string

// The ways.
const (
	AzureOn  AskAzure = "on"
	AzureOff AskAzure = "off" // it is told not to, in all scenarios, and less is expected
)

// String, Set and Type make it a flag.
func (a *AskAzure) String() string { return string(*a) }

// Type is what the help shows.
func (a *AskAzure) Type() string { return "on|off" }

// Set reads a flag.
func (a *AskAzure) Set(text string) error {
	if text != string(AzureOn) && text != string(AzureOff) {
		return fmt.Errorf("%q: use on or off", text)
	}
	*a = AskAzure(text)
	return nil
}

// Expected is what is to be concluded about a scenario.
func (a AskAzure) Expected(s *scenario.Scenario) (scenario.Expect, error) {
	if a == AzureOff {
		return s.Expect.Without()
	}
	return s.Expect, nil
}

// Prepare is the program as it is called for a scenario, with an Azure beside the cluster if there is one. done ends that and
// writes into the result how often it was asked.
func (a AskAzure) Prepare(ctx context.Context, p product.Program, clients kubernetes.Interface, s *scenario.Scenario, result *results.Result) (with product.Program, done func() error, err error) {
	done = func() error { return nil }
	if a == AzureOff {
		result.AzureOff = true
		return p.With(nil, []string{"--azure=off"}), done, nil
	}
	if s.Azure == "" {
		return p, done, nil
	}
	data, err := s.Read(s.Azure)
	if err != nil {
		return p, done, err
	}
	fake, err := azure.StartFor(ctx, clients, data)
	if err != nil {
		return p, done, err
	}
	return p.With(fake.Env(), fake.Args()), func() error {
		asked := fake.Requests()
		result.Azure = &asked
		return fake.Close()
	}, nil
}
