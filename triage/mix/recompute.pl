# SPDX-License-Identifier: Apache-2.0
# The rate of one class under a mix, once more: perl recompute.pl MIX BYTES PLANS. BYTES is plans/<cell>.u8, PLANS what
# `plan show` prints of the same plans in their order. Knows laws of single values without conditions, or with one.
use strict;
use warnings;
my ($mix, $bytes, $plans) = @ARGV;
my (%law, %on, @order, %committed, %right, $rate, $seen);
open(my $file, '<', $mix) or die $mix;
while (<$file>) {
	my ($axis, $when, $rest) = /^(\w+) *(?:\| *class=\S+ *(\S*=\S+)?)? *: *(\S+=.*)$/ or next;
	my ($condition, $value) = split /=/, $when // '=';
	my %weights = map { split /=/ } split ' ', $rest;
	my $sum = 0;
	$sum += $_ for values %weights;
	push @order, $axis unless $law{$axis};
	$on{$axis} = $condition // '';
	$law{$axis}{$value // ''}{$_} = $weights{$_} / $sum for keys %weights;
}
open($file, '<', $plans) or die $plans;
open(my $raw, '<:raw', $bytes) or die $bytes;
while (<$file>) {
	next unless s/^make +//;
	my %axes = map { split /=/ } grep { /=/ } split ' ';
	read($raw, my $byte, 1) == 1 or die 'more plans than bytes';
	my $verdict = (ord($byte) >> 4) - 1; # right, wrong-kind, trap, language, silent
	my $stratum = join ' ', map { $axes{$_} } @order;
	next if $verdict < 0 || $verdict > 4 || $verdict == 3;
	$committed{$stratum}++;
	$right{$stratum}++ if $verdict == 0;
}
for my $stratum (keys %committed) {
	my ($weight, %axes) = (1);
	@axes{@order} = split / /, $stratum;
	$weight *= $law{$_}{$on{$_} ? $axes{$on{$_}} : ''}{$axes{$_}} // 0 for @order;
	$rate += $weight * ($right{$stratum} // 0) / $committed{$stratum};
	$seen += $weight;
}
printf "%.15f %.15f\n", $rate, $seen;
