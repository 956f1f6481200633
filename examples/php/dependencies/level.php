<?php

/*
 * A function with a Composer package: composer.json beside it names the package, the installation
 * phase puts it into vendor/, and its classes are loaded when they are used.
 */

declare(strict_types=1);

use Psr\Log\LogLevel;

function name(object $event, object $context): string
{
    return 'level ' . LogLevel::WARNING;
}
