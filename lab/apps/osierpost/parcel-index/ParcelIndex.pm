package ParcelIndex;
use strict; use warnings;
use DBI; use POSIX qw(strftime);

our $LAYOUT = 6;   # what this build reads and writes

sub note { my ($lvl, $fmt, @a) = @_; printf "%s %-5s [%d] parcel-index: $fmt\n", strftime('%Y-%m-%dT%H:%M:%SZ', gmtime), $lvl, $$, @a; }

sub dbh {
  my ($file) = @_;
  my $d = DBI->connect("dbi:SQLite:dbname=$file", '', '', { RaiseError => 1, AutoCommit => 1, PrintError => 0 });
  $d->do('pragma journal_mode=wal'); $d->do('pragma busy_timeout=4000');
  return $d;
}
sub layout { my ($d) = @_; my ($v) = $d->selectrow_array('pragma user_version'); return $v; }
1;
