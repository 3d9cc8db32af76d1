#!/usr/bin/perl
# makes the index file and brings it to the layout of this build
use strict; use warnings; use lib '/app'; use ParcelIndex; $| = 1;
$ParcelIndex::LAYOUT = $ENV{PARCEL_INDEX_LAYOUT} if $ENV{PARCEL_INDEX_LAYOUT};
my $file = $ENV{INDEX_FILE} || '/index/parcels.db';
my $d = ParcelIndex::dbh($file);
my $now = ParcelIndex::layout($d);
ParcelIndex::note('info', 'prepare: %s is at %d', $file, $now);
for my $step ($now + 1 .. $ParcelIndex::LAYOUT) {
  $d->do("create table if not exists shard_$step (barcode text primary key, depot int, seen int)");
  $d->do("pragma user_version = $step");
  ParcelIndex::note('info', 'prepare: step %d applied', $step);
}
ParcelIndex::note('info', 'prepare: nothing more to do');
