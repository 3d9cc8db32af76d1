<?php
// Prepares member statements: keeps one connection for every letter group and asks slowly.
declare(strict_types=1);
$groups = (int) (getenv('LETTER_GROUPS') ?: 6);
$open = [];
while (count($open) < $groups) {
    try {
        $open[] = new PDO(getenv('DB_DSN'), getenv('DB_USER'), getenv('DB_PASSWORD'));
        echo gmdate('c'), ' statements group ', count($open), " of $groups connected\n";
    } catch (PDOException $e) {
        echo gmdate('c'), ' statements waiting for the database: ', $e->getMessage(), "\n";
        sleep(2);
    }
}
touch('/tmp/ready');
while (true) {
    foreach ($open as $n => $db) {
        $db->query('select 1')->fetchAll();
    }
    sleep(5);
}
