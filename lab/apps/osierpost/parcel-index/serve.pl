#!/usr/bin/perl
use strict; use warnings; use lib '/app'; use ParcelIndex; $| = 1;
my $file = $ENV{INDEX_FILE} || '/index/parcels.db';
my $n = \&ParcelIndex::note;
$n->('info', 'build 4.9.2 (perl %vd, DBI %s)', $^V, $DBI::VERSION);
$n->('warn', 'PARCEL_HINTS not set, lookups of foreign barcodes go the slow way');
$n->('info', 'mapping %s', $file);
my $d = ParcelIndex::dbh($file);
my $have = ParcelIndex::layout($d);
if ($have != $ParcelIndex::LAYOUT) {
  $n->('error', '%s was last touched by a build that writes rev %d shards; I only know them up to rev %d', $file, $have, $ParcelIndex::LAYOUT);
  $n->('error', 'leaving it alone');
  $n->('info', 'flushing 0 pending scans');
  $n->('info', 'detached from %s', $file);
  exit 12;
}
$n->('info', 'serving on /run/parcel-index.sock');
sleep 30 while 1;
