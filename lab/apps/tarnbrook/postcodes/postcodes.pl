#!/usr/bin/perl
# Postcode lookups over HTTP. Answers at once, but serves only after its tables are read.
use strict; use warnings;
use IO::Socket::INET; use POSIX qw(strftime);
$| = 1;
sub say_log { my ($l, $m) = @_; printf "[%s] [%s] %s\n", strftime('%Y-%m-%d %H:%M:%S', gmtime), $l, $m }
my @tables = qw(be-2026 nl-2026 lu-2026 de-2026 fr-2026 at-2026 pl-2026 dk-2026);
my $per = $ENV{TABLE_SECONDS} // 4;
say_log('info', 'postcodes 3.2.1 (perl ' . sprintf('%vd', $^V) . ')');
say_log('warn', 'table lu-2026 has 12 duplicate keys, last one wins');
my $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 32, ReuseAddr => 1) or die "listen: $!";
$s->blocking(0);
say_log('info', 'listening on 0.0.0.0:8080');
$SIG{TERM} = sub { say_log('info', 'terminated by signal, tables discarded'); exit 0 };
my ($loaded, $next) = (0, time + $per);
while (1) {
  if ($loaded < @tables && time >= $next) {
    say_log('info', sprintf('table %s read, %d rows (%d/%d)', $tables[$loaded], 410_000 + 7919 * $loaded, $loaded + 1, scalar @tables));
    $loaded++; $next = time + $per;
    say_log('info', 'all tables read, serving') if $loaded == @tables;
  }
  my $c = $s->accept;
  if (!$c) { select undef, undef, undef, 0.1; next }
  my $line = <$c> // '';
  while (my $h = <$c>) { last if $h =~ /^\r?\n$/ }
  my $ok = $loaded == @tables;
  my $body = $ok ? "OK\n" : sprintf("LOADING %d/%d\n", $loaded, scalar @tables);
  printf $c "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", $ok ? '200 OK' : '503 Service Unavailable', length $body, $body;
  close $c;
}
