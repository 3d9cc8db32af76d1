#!/usr/bin/perl
# fetches the pickup lists of all depots and turns them into tours
use strict; use warnings; use Net::FTP; use POSIX qw(strftime); $| = 1;
my $server = $ENV{LISTS_FTP} || 'lists';
our @keep;
my @depots = split /,/, $ENV{DEPOTS} || '14';
sub l { print 't=', strftime('%Y-%m-%dT%H:%M:%SZ', gmtime), ' svc=tours ', join(' ', @_), "\n" }
l 'lvl=info msg="tour builder 0.44"', 'depots=' . @depots;
l 'lvl=warn msg="no traffic figures for today, using last Monday"';
for my $depot (@depots) {
  my $ftp = Net::FTP->new($server, Port => 2121, Timeout => 10, Passive => 1);
  if (!$ftp) {
    (my $why = $@) =~ s/\s+$//;
    l 'lvl=error', "depot=$depot", qq(msg="list not fetched" said="$why");
    l 'lvl=info msg="tours of this run discarded" tours=0';
    l 'lvl=info msg="map tiles released" n=18';
    exit 6;
  }
  $ftp->login('anonymous', 'tours@') or do { l 'lvl=error', "depot=$depot", 'msg="turned away at the door"'; exit 7 };
  l 'lvl=info', "depot=$depot", 'msg="session open"';
  push @keep, $ftp;   # one session each, for the changes during the day
}
open my $f, '>', '/tmp/ready';
l 'lvl=info msg="watching for changes"';
while (1) { sleep 10; for my $ftp (@keep) { $ftp->pwd } }
