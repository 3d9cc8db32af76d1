#!/usr/bin/perl
# small statsd: counters of the scanners to the log of the minute
use strict; use warnings; use IO::Socket::INET; use POSIX qw(strftime); $| = 1;
my ($name, $port) = ($ENV{SINK_NAME} || 'statsink', $ENV{SINK_PORT} || 8125);
sub say_ { print strftime('%H:%M:%S', gmtime), " $name $_[0]\n" }
say_("version 0.31, flush every 30s, percentiles 50 90 99");
say_("prefix depot.$ENV{DEPOT}") if $ENV{DEPOT};
my $s = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '0.0.0.0', LocalPort => $port);
if (!$s) {
  my $why = "$!";
  say_("could not get the intake ($why) - somebody sits on udp/$port");
  say_("no intake, no point in staying");
  exit 4;
}
say_("intake udp/$port");
my %c; my $next = time + 30;
while (1) {
  my $rin = ''; vec($rin, fileno($s), 1) = 1;
  if (select($rin, undef, undef, 5)) { $s->recv(my $buf, 1500); $c{(split /:/, $buf)[0]}++; }
  if (time > $next) { say_("flushed " . scalar(keys %c) . " series"); %c = (); $next = time + 30; }
}
