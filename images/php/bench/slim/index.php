<?php

/*
 * What Kubeless's PHP runtime did for each call, by its documents: Slim calls a function that forks. The
 * child runs the handler and answers; the process that was asked sleeps meanwhile, and would kill a child
 * that takes longer than the timeout.
 *
 * Kubeless's slept for the whole timeout, whenever the child ended, and so left a process behind for each
 * call. No load test survives that: here it looks every millisecond whether the child is done.
 */

declare(strict_types=1);

require_once 'Slim/autoload.php';
require_once __DIR__ . '/function.php';

use Psr\Http\Message\ResponseInterface as Response;
use Psr\Http\Message\ServerRequestInterface as Request;

const TIMEOUT_S = 180;
const NOBODY_WAITS = 1; // WNOHANG
const KILL = 9;

$system = FFI::cdef('int fork(void); int waitpid(int pid, int *status, int options); int getpid(void); int kill(int pid, int signal);');

$call = function (Request $request, Response $response) use ($system): Response {
    $child = $system->fork();
    if ($child === 0) {
        $data = (string) $request->getBody();
        if ($request->getMediaType() === 'application/json') {
            $data = json_decode($data);
        }
        $event = (object) [
            'data' => $data,
            'event-id' => $request->getHeaderLine('event-id'),
            'extensions' => (object) ['request' => $request, 'response' => $response],
        ];
        $result = call_user_func(getenv('FUNC_HANDLER'), $event, (object) []);
        echo is_string($result) ? $result : json_encode($result);
        fastcgi_finish_request();
        // Its parent goes on with php-fpm's own work; the child must not.
        $system->kill($system->getpid(), KILL);
    }
    $status = FFI::new('int');
    $end = microtime(true) + TIMEOUT_S;
    while ($system->waitpid($child, FFI::addr($status), NOBODY_WAITS) === 0) {
        if (microtime(true) > $end) {
            $system->kill($child, KILL);

            return $response->withStatus(408);
        }
        usleep(1000);
    }
    exit;
};

$app = new Slim\App();
$app->any('/', $call);
$app->run();
