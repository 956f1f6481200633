<?php

/*
 * A GET function: reads a query parameter from the PSR-7 request and answers with text.
 */

declare(strict_types=1);

function hello(object $event, object $context): string
{
    $name = $event->extensions->request->getQueryParams()['name'] ?? 'world';

    return "hello $name";
}
