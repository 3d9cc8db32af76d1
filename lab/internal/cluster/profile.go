package cluster

import (
	"fmt"
	"time"
)

// Profile says how patient the cluster is.
type Profile string

// Fast makes crash loops turn quickly; Defaults is what Kubernetes ships with.
const (
	Fast     Profile = "fast"
	Defaults Profile = "defaults"
)

// ParseProfile reads a profile's name.
func ParseProfile(name string) (Profile, error) {
	switch p := Profile(name); p {
	case Fast, Defaults:
		return p, nil
	}
	return "", fmt.Errorf("profile %q: use fast or defaults", name)
}

// pace holds the settings that profiles differ in; zero means Kubernetes' default.
type pace struct {
	eventTTL         time.Duration
	syncFrequency    time.Duration // default 1m: how long a dead container shows as terminated before it shows as CrashLoopBackOff
	backOffCap       time.Duration // default 5m
	nodeStatusUpdate time.Duration // default 10s
}

func (p Profile) pace() pace {
	if p == Defaults {
		return pace{eventTTL: time.Hour}
	}
	return pace{eventTTL: 3 * time.Hour, syncFrequency: 10 * time.Second, backOffCap: 10 * time.Second, nodeStatusUpdate: 5 * time.Second}
}
