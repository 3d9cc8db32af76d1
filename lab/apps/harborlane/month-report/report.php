<?php
// Builds the monthly report: every booking of the month, grouped by route, as one CSV.
declare(strict_types=1);

function say(string $level, string $text): void {
    fwrite(STDOUT, sprintf("[%s] month-report.%s: %s\n", gmdate('Y-m-d\TH:i:s\Z'), $level, $text));
}

function bookings(int $count): Generator {
    $routes = ['HOL-DUB', 'CAI-LAR', 'ROS-CHE', 'PEM-ROS', 'LIV-BEL'];
    for ($i = 0; $i < $count; $i++) {
        yield ['id' => 4_000_000 + $i, 'route' => $routes[$i % 5], 'cents' => 2900 + $i % 9000,
            'passenger' => str_repeat(chr(97 + $i % 26), 24) . $i, 'notes' => sprintf('deck %d, vehicle %s', $i % 7, md5((string) $i))];
    }
}

say('INFO', 'month-report 1.14.0, PHP ' . PHP_VERSION . ', memory_limit ' . ini_get('memory_limit'));
$total = (int) getenv('BOOKINGS');
say('INFO', "October 2026: $total bookings to read");
$byRoute = [];
foreach (bookings($total) as $n => $booking) {
    $byRoute[$booking['route']][] = $booking;
    if (($n + 1) % 20000 === 0) {
        say('INFO', sprintf('read %d bookings', $n + 1));
        usleep(200000);
    }
}
foreach ($byRoute as $route => $list) {
    say('INFO', sprintf('%s: %d bookings, %.2f EUR', $route, count($list), array_sum(array_column($list, 'cents')) / 100));
}
say('INFO', 'report written, waiting for the next month');
while (true) {
    sleep(3600);
}
