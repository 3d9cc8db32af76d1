package playbook

import (
	"regexp/syntax"
	"strings"
)

// needs reads from an expression literals, in lower case, of which each text that it matches has one. It returns nil
// where it finds none. Signatures name literals themselves, but some of these stand in many lines that the expression
// then refuses at length ("500" in each fifth line of numbers): what else the expression needs tells most of them apart.
func needs(expression string) []string {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	return needsOf(re)
}

func needsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return needsLiteral(re)
	case syntax.OpCapture, syntax.OpPlus:
		return needsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needsOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if set := needsOf(sub); shortest(set) > shortest(best) {
				best = set
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			set := needsOf(sub)
			if set == nil {
				return nil
			}
			all = append(all, set...)
		}
		return all
	}
	return nil
}

// needsLiteral is the longest run of a literal whose bytes are the same in all texts that it matches, but for the case
// of ASCII letters: where case does not count, k is also the Kelvin sign and s the long s.
func needsLiteral(re *syntax.Regexp) []string {
	runs := strings.FieldsFunc(string(re.Rune), func(r rune) bool {
		return r >= 0x80 || re.Flags&syntax.FoldCase != 0 && strings.ContainsRune("kKsS", r)
	})
	best := ""
	for _, run := range runs {
		if len(run) > len(best) {
			best = run
		}
	}
	if len(best) < 3 {
		return nil
	}
	return []string{strings.ToLower(best)}
}

// shortest is the length of the shortest literal, which is the one that says least; 0 where there is none.
func shortest(set []string) int {
	n := 0
	for i, s := range set {
		if i == 0 || len(s) < n {
			n = len(s)
		}
	}
	return n
}

// told tells whether whoever has one of the literals has one of the needs with it.
func told(literals, needs []string) bool {
	for _, l := range literals {
		has := false
		for _, n := range needs {
			has = has || strings.Contains(l, n)
		}
		if !has {
			return false
		}
	}
	return true
}
