package redact

import "slices"

// automaton finds many words in one pass over a text (Aho and Corasick, 1975). It is a complete table, so a byte costs
// one look-up however many words there are.
type automaton struct {
	class [256]uint8 // bytes that no word has share class 0
	shift uint8      // a row has 1<<shift entries
	next  []uint16
	// first is the lowest state in which a word ends; states are numbered so that those come last.
	first uint16
	ends  [][]wordEnd // of state first+i
}

// wordEnd says which word ends in a state: its owner, and its length in bytes.
type wordEnd struct{ owner, length int }

// node is a state while the words are added.
type node struct {
	next map[byte]int
	fail int
	ends []wordEnd
}

// newAutomaton builds the table for words, each with the owners that want to hear of it. With fold, upper and lower case
// of ASCII letters are the same; the words have to be in lower case then.
func newAutomaton(words map[string][]int, fold bool) *automaton {
	a := &automaton{}
	nodes := []*node{{next: map[byte]int{}}}
	classes := 1
	for _, w := range sortedKeys(words) {
		at := 0
		for i := range len(w) {
			if a.class[w[i]] == 0 {
				a.class[w[i]] = uint8(classes)
				classes++
			}
			to, ok := nodes[at].next[w[i]]
			if !ok {
				to = len(nodes)
				nodes[at].next[w[i]] = to
				nodes = append(nodes, &node{next: map[byte]int{}})
			}
			at = to
		}
		for _, owner := range words[w] {
			nodes[at].ends = append(nodes[at].ends, wordEnd{owner, len(w)})
		}
	}
	order := linkFailures(nodes)
	for 1<<a.shift < classes {
		a.shift++
	}
	a.fill(nodes, order)
	if fold {
		for c := byte('a'); c <= 'z'; c++ {
			a.class[c-'a'+'A'] = a.class[c]
		}
	}
	return a
}

// linkFailures gives each state the longest other state that ends in the same bytes, and what ends there; it returns the
// states from the shallow to the deep.
func linkFailures(nodes []*node) []int {
	order := []int{0}
	for i := 0; i < len(order); i++ {
		from := order[i]
		for _, c := range sortedKeys(nodes[from].next) {
			to := nodes[from].next[c]
			order = append(order, to)
			if from == 0 {
				continue
			}
			f := nodes[from].fail
			for f != 0 && !has(nodes[f].next, c) {
				f = nodes[f].fail
			}
			nodes[to].fail = nodes[f].next[c] // 0, the root, where it has none
			nodes[to].ends = append(nodes[to].ends, nodes[nodes[to].fail].ends...)
		}
	}
	return order
}

// fill writes the table, with the states in which words end behind the others.
func (a *automaton) fill(nodes []*node, order []int) {
	number := make([]uint16, len(nodes))
	n := uint16(0)
	for _, ending := range []bool{false, true} {
		if ending {
			a.first = n
		}
		for _, i := range order {
			if (len(nodes[i].ends) > 0) == ending {
				number[i] = n
				n++
			}
		}
	}
	a.next = make([]uint16, len(nodes)<<a.shift)
	a.ends = make([][]wordEnd, len(nodes)-int(a.first))
	for _, i := range order {
		row := a.next[int(number[i])<<a.shift:][:1<<a.shift]
		if i != 0 {
			copy(row, a.next[int(number[nodes[i].fail])<<a.shift:])
		}
		for c, to := range nodes[i].next {
			row[a.class[c]] = number[to]
		}
		if number[i] >= a.first {
			a.ends[number[i]-a.first] = nodes[i].ends
		}
	}
}

// each calls f for every word in the text, with its owner and its bounds, in the order of the ends.
func (a *automaton) each(text []byte, f func(owner, from, to int)) {
	state, next, class, shift, first := uint16(0), a.next, &a.class, a.shift&15, a.first
	for i, c := range text {
		state = next[int(state)<<shift|int(class[c])]
		if state >= first {
			for _, e := range a.ends[state-first] {
				f(e.owner, i+1-e.length, i+1)
			}
		}
	}
}

func has(m map[byte]int, c byte) bool {
	_, ok := m[c]
	return ok
}

func sortedKeys[K string | byte, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
