// Package redact replaces secrets in a [evidence.Snapshot] before anything is reasoned about, shown or written.
//
// A secret becomes a placeholder such as [redacted:password:1f3a9c70]. The digits are a keyed hash of the secret, so that
// equal secrets stay recognisably equal within one bundle ("the old and the new pod use the same password"); the key is
// random for each run and kept nowhere, so that nobody can guess secrets against the digits.
//
// What a diagnosis needs survives: host, user and database names, paths, the names of Secrets and of variables. In
// postgres://app:hunter2@db:5432/shop only hunter2 goes, and `password authentication failed for user "app"` stays as
// it is. Redaction is idempotent.
//
// One pass over the text finds the keywords of all finders, and only the lines that hold one are looked at closer:
//
//   - by the name before it: assignments in all notations, flags, environment variables, URLs, headers, command lines;
//   - by its own form: keys of clouds, tokens, private keys, hashes of passwords; of these most are gitleaks' rules
//     (https://github.com/gitleaks/gitleaks, MIT), used through its package config, which parses them: its detector would
//     bring readers of archives, and a start that is longer by milliseconds;
//   - by value: what a container's environment names as a secret is also looked for in logs and messages;
//   - within base64, and within text whose quotes and line ends are escaped.
//
// Users add a [Pattern], programs a [Detector].
//
// What slips through: a random word without a name or a form (an AWS secret key alone in a log), a password that is a
// word of its own in a sentence, and secrets in notations that nobody can tell from harmless ones, such as hexadecimal.
package redact
