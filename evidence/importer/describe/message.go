package describe

import "strings"

// messageLines bounds how far the end of a raw message is looked for: the kubelet keeps at most 4 KiB and 80 lines of
// a log as termination message (pkg/kubelet/kuberuntime), a program may write 4 KiB of short lines.
const messageLines = 2100

// containerMessage returns the line after l, which is the whole message where l is a terminated state's multi-line
// message: its lines are printed raw, from column 0, and may look like anything. describeStatus always prints the exit
// code next.
func (b *block) containerMessage(l line) int {
	if l.n < 6 {
		b.inState = l.n == 4 && strings.HasSuffix(l.s, " Terminated") && (strings.HasPrefix(l.s, "State:") || strings.HasPrefix(l.s, "Last State:"))
	}
	if l.n != 6 || !b.inState || !strings.HasPrefix(l.s, "Message:") {
		return l.i + 1
	}
	for j := max(l.i+1, b.noExit); j < l.i+messageLines; j++ {
		b.noExit = j // so that many unfinished messages are not searched again and again
		m := b.at(j)
		if m.out || b.startsAt(j) || (m.n == 4 && (strings.HasPrefix(m.s, "Ready: ") || strings.HasPrefix(m.s, "Restart Count: "))) {
			break
		}
		if m.n != 6 || !strings.HasPrefix(m.s, "Exit Code:") {
			continue
		}
		if next := b.at(j + 1); next.n == 6 && (strings.HasPrefix(next.s, "Started:") || strings.HasPrefix(next.s, "Signal:")) {
			if j > l.i+1 {
				b.raw[l.i] = j
			}
			return j
		}
	}
	return l.i + 1
}

// messageAfter are the sections after which describePod and describePersistentVolume print a status message.
var messageAfter = keySet("Status|Reason|Termination Grace Period|Node Affinity")

// statusMessage does the same for a pod's or volume's status message, after which describePod always prints the IP and
// describePersistentVolume the source.
func (b *block) statusMessage(i int) int {
	for j := i + 1; j < i+messageLines; j++ {
		m := b.at(j)
		if m.out || b.startsAt(j) {
			break
		}
		if key, _, _, ok := keyValue(m.s); ok && m.n == 0 && (key == "IP" || key == "SeccompProfile" || key == "Source") {
			if j > i+1 {
				b.raw[i] = j
			}
			return j
		}
		if m.n == 0 && (m.s == "Containers:" || m.s == "Init Containers:") {
			break
		}
	}
	return i + 1
}

// text returns the value of a section with its raw lines.
func (b *block) text(s section) string {
	end, ok := b.raw[s.line]
	if !ok {
		return s.val
	}
	out := []string{s.val}
	for i := s.line + 1; i < end; i++ {
		b.use(i)
		out = append(out, b.at(i).full)
	}
	return strings.Join(out, "\n")
}

// valueAt returns a line's value from a column on, so that blanks at its beginning survive, or trimmed where the
// column is not the value's.
func valueAt(l line, col int) string {
	_, val, _, _ := keyValue(l.s)
	return cutAt(l, col, l.n+len(l.s)-len(val), val)
}

// cutAt returns l's text from column col on, where nothing but blanks lies between col and the trimmed value.
func cutAt(l line, col, valCol int, val string) string {
	if l.tabs || col <= 0 || col > valCol || col > len(l.full) || strings.TrimLeft(l.full[col:min(valCol, len(l.full))], " ") != "" {
		return val
	}
	return l.full[col:]
}

// use marks a line as understood.
func (b *block) use(i int) { b.used[i] = true }

// group splits lines [from, to) into sections of the keys at one indentation; what stands before the first key, and
// lines at that indentation that are no keys, belong to the section before them, or to none.
func (b *block) group(from, to, indent int) []section {
	var out []section
	for i := from; i < to; {
		l := b.at(i)
		next := i + 1
		if end, ok := b.raw[i]; ok {
			next = min(end, to)
		}
		if key, val, col, ok := keyValue(l.s); ok && !l.blank && l.n == indent {
			out = append(out, section{key: key, val: val, col: l.n + col, line: i, from: i + 1, to: next})
		} else if n := len(out); n > 0 {
			out[n-1].to = next
		}
		i = next
	}
	return out
}

// body returns the lines below a section that are not blank.
func (b *block) body(s section) []line {
	var out []line
	for i := s.from; i < s.to; i++ {
		if l := b.at(i); !l.blank {
			out = append(out, l)
		}
	}
	return out
}
