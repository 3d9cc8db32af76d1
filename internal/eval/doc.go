// Package eval measures how often crashproof is right: it replays the recorded incidents of the lab, compares what is
// said with what a person should conclude, and does so again with evidence taken away (ablation) and with changes that
// must not matter (metamorphic).
package eval
