<?php

/*
 * A typed function: an editor knows what event and context hold, and PHP itself checks the types.
 */

declare(strict_types=1);

use Nyholm\Psr7\Response;
use Psr\Http\Message\ResponseInterface;
use RuntimeKit\Context;
use RuntimeKit\Event;

function place(Event $event, Context $context): ResponseInterface
{
    /** @var object{item: string, count: int} $order */
    $order = $event->data;
    $placed = [
        'item' => $order->item,
        'count' => $order->count,
        'id' => $event->{'event-id'},
        'placed by' => $context->{'function-name'},
    ];

    return new Response(201, ['Content-Type' => 'application/json'], json_encode($placed, JSON_THROW_ON_ERROR));
}
