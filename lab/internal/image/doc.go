// Package image makes the lab's images: from Debian packages whose
// dependencies are resolved from nothing, Go programs, and files of the
// repository. A [Definition] says what is in an image, [Builder] makes it and
// keeps it in an OCI image layout, from which the lab's registry serves it.
package image
