<?php

/*
 * Settings and class loading of a worker, and of its unit tests.
 */

declare(strict_types=1);

error_reporting(E_ALL);
// Standard output is the function's; what PHP itself has to say goes to standard error.
ini_set('display_errors', '0');
ini_set('log_errors', '1');
ini_set('error_log', '');
ini_set('html_errors', '0');
// PHP ends a script whose output nobody takes: here that is a function that closed its standard output.
ini_set('ignore_user_abort', '1');
// The container's limit counts, and the kernel keeps it.
ini_set('memory_limit', '-1');
// Arguments in a stack trace would put the callers' data into the log.
ini_set('zend.exception_ignore_args', '1');

require_once 'Nyholm/Psr7/autoload.php';

spl_autoload_register(static function (string $class): void {
    $prefix = 'RuntimeKit\\';
    if (str_starts_with($class, $prefix)) {
        $file = __DIR__ . '/src/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
