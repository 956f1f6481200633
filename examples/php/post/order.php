<?php

/*
 * A POST function: a JSON body arrives decoded, as json_decode() makes it, and an array that is
 * returned is answered as JSON. An HttpException answers with a status and a public text.
 */

declare(strict_types=1);

use RuntimeKit\HttpException;

/** @return array{total: int, items: int} */
function total(object $event, object $context): array
{
    $items = $event->data->items ?? throw new HttpException(422, 'items are missing');

    return [
        'total' => array_sum(array_map(fn (object $item): int => $item->price * $item->count, $items)),
        'items' => count($items),
    ];
}
