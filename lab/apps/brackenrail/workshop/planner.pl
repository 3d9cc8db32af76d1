#!/usr/bin/perl
# Workshop planner: puts units on tracks of the maintenance depots.
use strict;
use warnings;
use POSIX qw(strftime);
$| = 1;

sub say_log { my ($level, $text) = @_; printf "%s %-5s workshop: %s\n", strftime('%Y-%m-%d %H:%M:%S', gmtime), $level, $text }

my %key;
my $path = $ENV{WORKSHOP_KEY} || '/etc/workshop/site.key';
say_log('INFO', 'Workshop Planner 11.2 (build 4410)');
say_log('INFO', 'optional solver module not present, using heuristic');
say_log('WARN', '/var/lib/workshop/layout.cache: No such file or directory, layout is read again');
open my $fh, '<', $path or die "cannot read $path: $!\n";
while (<$fh>) { $key{$1} = $2 if /^(\w+)\s*=\s*(.*?)\s*$/ }
say_log('INFO', "site $key{site}, edition $key{edition}, valid until $key{until}");
my @depots = split /,/, $ENV{DEPOTS} || 'north';
for my $n (1 .. @depots) {
    if ($n > $key{depots}) {
        say_log('ERROR', "feature DEPOT: $n requested, $key{depots} granted by key $key{serial} (WP-2207)");
        say_log('INFO', 'contact your account manager to extend the agreement');
        say_log('INFO', "unloading depot $_") for reverse @depots[0 .. $n - 2];
        say_log('INFO', 'planner stopped');
        exit 17;
    }
    say_log('INFO', "depot $depots[$n - 1]: 9 tracks, 31 units");
    sleep 1;
}
open my $r, '>', '/tmp/ready';
close $r;
sleep 10 while 1;
