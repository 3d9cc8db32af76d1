#!/usr/bin/perl
# Imports the fare lists that partners leave in the inbox.
use strict;
use warnings;
use POSIX qw(strftime);
use Harborlane::Inbox;

$| = 1;
printf "%s fare-import %s on Perl %vd\n", strftime("%FT%TZ", gmtime), $ENV{FARE_IMPORT_VERSION} // "dev", $^V;
my $inbox = Harborlane::Inbox->new($ENV{INBOX} // "/inbox");
while (1) {
    $inbox->each_file(sub {
        my ($partner, $rows) = @_;
        printf "%s partner %s: %d fares\n", strftime("%FT%TZ", gmtime), $partner, scalar @$rows;
    });
    sleep 15;
}
