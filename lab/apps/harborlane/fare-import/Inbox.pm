package Harborlane::Inbox;
# Reads CSV files of partners.
use strict;
use warnings;
use File::Basename qw(basename);
use Text::CSV_XS;

sub new { my ($class, $dir) = @_; return bless { dir => $dir, csv => Text::CSV_XS->new({ binary => 1, sep_char => ";" }) }, $class }

sub each_file {
    my ($self, $seen) = @_;
    for my $file (glob "$self->{dir}/*.csv") {
        open my $in, "<:encoding(UTF-8)", $file or die "cannot read $file: $!";
        my @rows;
        while (my $row = $self->{csv}->getline($in)) { push @rows, $row }
        close $in;
        $seen->(basename($file, ".csv"), \@rows);
    }
}

1;
