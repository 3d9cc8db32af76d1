package playbook

// Cause is one entry of the catalogue.
type Cause struct {
	ID string `json:"id"`
	// Family is one of [Families].
	Family string `json:"family"`
	// Neighbour marks what is no crash loop but is taken for one.
	Neighbour bool `json:"neighbour,omitempty"`
	// Layer is mechanism (what ended the process) or cause (why).
	Layer string `json:"layer"`
	// Depth orders explanations of the same end: 1 what the platform did, 2 what the process said in general,
	// 3 what the process said about something in particular, 4 what the platform and the process say together.
	Depth int `json:"depth"`
	// Means is the plain-language meaning; Says is the headline, a text/template over the attributes of the facts.
	Means string `json:"means"`
	// Likelihood is how often the family is what makes pods crash-loop: high or medium, empty where nobody has said.
	Likelihood string `json:"likelihood,omitempty"`
	// Expects says what producers show where the cause is true.
	Expects map[string]string `json:"expects,omitempty"`
	// Harmless is what looks the same and is not this cause.
	Harmless string `json:"harmless,omitempty"`
	// Holds names the platforms and versions that the cause is limited to; everywhere where empty.
	Holds string `json:"holds,omitempty"`
	// ChangedBy lists what can bring the cause about when it changes, by [Aspects]; empty where nothing is known of it.
	ChangedBy []string `json:"changedBy,omitempty"`
	Docs      []Doc    `json:"docs,omitempty"`
	Says      string   `json:"says"`
	// Decisive facts settle the cause alone; Supports make it a hypothesis; Refutes exclude it.
	Decisive []string `json:"decisive,omitempty"`
	Supports []string `json:"supports,omitempty"`
	// Hints are compatible with the cause and with much else: they show it in the ledger and never make it the answer.
	Hints   []string `json:"hints,omitempty"`
	Refutes []string `json:"refutes,omitempty"`
	// An entry cause:ID of Refutes stands for every fact that speaks strongly for that cause: what refuses a
	// connection was reached, what rejects a password was connected to.
	// Needs lists facts of which one must be there beside a decisive one before the cause can be proven.
	Needs []string `json:"needs,omitempty"`
	// Confusion is the set of rivals that must be refuted before the cause is proven. @name is a group.
	Confusion []string `json:"confusion,omitempty"`
	// Explains lists shallower causes that this one accounts for, so that they are links of its chain, not rivals.
	Explains []string `json:"explains,omitempty"`
	Remedies []Remedy `json:"remedies,omitempty"`
	Checks   []Check  `json:"checks,omitempty"`
	// Misreadings lists ids of misreadings.yaml that this cause invites.
	Misreadings []string `json:"misreadings,omitempty"`

	file string
}

// Doc is a public page that says more.
type Doc struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Remedy is what to do, typed. Text is a template over the attributes.
type Remedy struct {
	ID     string `json:"id"`
	Action string `json:"action"`
	Text   string `json:"text"`
	// Where lists the levels of scope at which it mends anything; all where empty.
	Where []string `json:"where,omitempty"`
}

// Check is what would move the verdict. Command is a template.
type Check struct {
	Why     string `json:"why"`
	Command string `json:"command"`
}

// Misreading is a wrong conclusion that a fact invites.
type Misreading struct {
	ID string `json:"id"`
	// When lists facts of which one must be there; Unless causes of which it is none.
	When   []string `json:"when"`
	Unless []string `json:"unless,omitempty"`
	// Seen, Not and Because are templates with the figures of the fact and of the runs.
	Seen    string `json:"seen"`
	Not     string `json:"not"`
	Because string `json:"because"`
}
