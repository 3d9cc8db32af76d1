<?php
// Railcard worker: books the points of yesterday's journeys.
function logline(string $level, string $text): void
{
    fwrite(STDERR, date('[d-M-Y H:i:s]') . " railcard.$level: $text\n");
}

$dsn = getenv('DB_DSN');
logline('INFO', 'railcard worker 2.2.0 starting');
logline('NOTICE', 'no statsd host, metrics are dropped');
$db = null;
for ($i = 1; $i <= 30 && !$db; $i++) {
    try {
        $db = new PDO($dsn, getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    } catch (PDOException $e) {
        logline('WARNING', "database not there yet ($i): " . $e->getMessage());
        sleep(2);
    }
}
logline('INFO', 'connected to ' . $db->getAttribute(PDO::ATTR_SERVER_VERSION));
$n = $db->query('select 1')->fetchColumn();
logline('INFO', "42 journeys to book");

function book(PDO $db, int $card): void
{
    $st = $db->prepare('insert into railcard_points (card, points) values (?, 10)');
    $st->execute([$card]);
}

try {
    $db->exec('create table if not exists railcard_points (card int, points int)');
    foreach (range(1, 42) as $card) {
        book($db, $card);
    }
} finally {
    logline('INFO', 'batch closed, 0 booked');
}
touch('/tmp/ready');
while (true) {
    sleep(30);
    logline('INFO', 'idle');
}
