// Package attribution finds what the sick pods of a population share and the well ones do not: a node, a pool, a zone, an
// image, a namespace, an object that several workloads refer to.
//
// Pods of one workload are not independent of each other, nor are those on one node: a bad template makes all of its pods
// sick, wherever they are. So nothing here counts pods. What is counted are templates (a workload's revision with what it
// refers to), and cells (the pods of one template on one node).
//
// An explanation is worth the bits that it saves: the length of a description of who is sick that names the explanation
// first, against the length of one that lists the sick templates, and within each of them the sick cells, one by one
// (two-part codes, as in Rissanen's minimum description length). The shortest wins, so that a pool beats the zone around
// it where only the pool is sick. Whether it is more than chance is told by permutation: who is sick is dealt anew among
// templates, and among the cells within each, and the best explanation of that is found, several hundred times. [Chance]
// is how often one as good comes about; it accounts for the number of attributes that were tried.
package attribution
