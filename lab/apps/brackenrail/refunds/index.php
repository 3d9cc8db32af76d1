<?php
// Refund desk: looks up the sale in the clearing archive before a refund is offered.
function logline(string $level, string $text, array $more = []): void
{
    error_log(json_encode(['level' => $level, 'app' => 'refund-desk', 'msg' => $text] + $more));
}

$sale = preg_replace('/[^A-Z0-9-]/', '', $_GET['sale'] ?? '');
if ($sale === '') {
    http_response_code(400);
    echo json_encode(['error' => 'sale missing']);
    exit;
}
logline('info', 'refund request', ['sale' => $sale]);
ini_set('default_socket_timeout', '3600');
$archive = getenv('ARCHIVE_URL') ?: 'http://clearing-archive:8080';
$answer = file_get_contents($archive . '/sales/' . $sale);
logline('info', 'sale found', ['sale' => $sale, 'bytes' => strlen((string)$answer)]);
header('Content-Type: application/json');
echo $answer;
