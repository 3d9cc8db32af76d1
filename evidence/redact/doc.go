// Package redact replaces secrets in a [evidence.Snapshot] before anything is reasoned about, shown or written.
//
// A secret becomes a placeholder such as [redacted:password:1f3a9c]. The digits are a keyed hash of the secret, so that
// equal secrets stay recognisably equal within one bundle ("the old and the new pod use the same password"); the key is
// random for each run and kept nowhere, so that nobody can guess secrets against the digits.
//
// What a diagnosis needs survives: host, user and database names, paths, the names of Secrets and of variables. In
// postgres://app:hunter2@db:5432/shop only hunter2 goes, and `password authentication failed for user "app"` stays as
// it is. Redaction is idempotent.
//
// Text is searched in three ways: by the form of the secret itself (keys of clouds, JSON web tokens, private keys), by
// the name that stands before it ([assignments], URLs, headers), and by value: what a container's environment names as a
// secret is also looked for in logs and messages. Further ways plug in as a [Detector].
package redact
