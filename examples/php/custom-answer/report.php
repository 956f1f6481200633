<?php

/*
 * An answer with status, headers and content type of its own: the function takes the PSR-7 response
 * of the event, changes what it wants to and returns it.
 */

declare(strict_types=1);

use Psr\Http\Message\ResponseInterface;

function csv(object $event, object $context): ResponseInterface
{
    $response = $event->extensions->response
        ->withStatus(201)
        ->withHeader('Content-Type', 'text/csv; charset=utf-8')
        ->withHeader('Content-Disposition', 'attachment; filename="report.csv"');
    $response->getBody()->write("day,orders\nmonday,3\n");

    return $response;
}
