#!/usr/bin/perl
# sends the "we missed you" notices of the day; spools them when it must stop
use strict; use warnings; use Net::SMTP; use POSIX qw(strftime); $| = 1;
my ($host, $port) = split /:/, $ENV{SMARTHOST} || 'smarthost:25';
my $todo = $ENV{NOTICES} || 1400;
sub out { my ($fac, $txt) = @_; printf "%s notices[%d] <%s> %s\n", strftime('%Y-%m-%d %H:%M:%S', gmtime), $$, $fac, $txt }
out('core', "notice mailer r318, queue of depot 14, $todo notices due");
out('tmpl', "no Gaelic text for template missed-2, English goes out instead");
out('tmpl', "6 templates compiled");
my $peer;
for my $go (1 .. 3) {
  $peer = Net::SMTP->new(Host => $host, Port => $port, Timeout => 8, Hello => 'notices.osierpost.example');
  last if $peer;
  my $why = $@ || $!; $why =~ s/\s+$//;
  out('smtp', "handover to $host:$port not taken, round $go of 3: $why");
  sleep 2;
}
unless ($peer) {
  out('core', "nobody took our mail, back to the spool with everything");
  for my $i (1 .. $todo) {
    my $id = sprintf 'N%06d', 204000 + $i * 7;
    out('spool', "$id re-queued (attempt 1, next in 900s)");
    out('spool', "$id lock released, 0 errors") if $i % 9 == 0;
  }
  out('core', "spool closed cleanly, $todo in, 0 lost");
  out('tmpl', "template cache dropped");
  out('core', "mailer ends with status 75");
  exit 75;
}
out('smtp', "talking to " . $peer->domain);
sleep 60 while 1;
