// Package archive reads tar and zip files of strangers without harm: no paths that lead out, no links or devices, no
// bombs. What stands before the place where an archive is broken is given to the caller, so that half an archive is
// half of the evidence and not none.
package archive
