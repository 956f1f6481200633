<?php

/*
 * One worker: loads the function once, then answers the front's requests one at a time, until the
 * front closes the pipe. Started by the front with requests on descriptor 3, answers on 4.
 */

declare(strict_types=1);

require __DIR__ . '/bootstrap.php';

RuntimeKit\Server\Worker::prepare();
try {
    // At the top level of a script, so that the module's variables are true globals.
    RuntimeKit\Server\Worker::loaded(require RuntimeKit\Server\Worker::modulePath());
} catch (Throwable $error) {
    RuntimeKit\Server\Worker::cannotLoad($error);
}
RuntimeKit\Server\Worker::serve();
