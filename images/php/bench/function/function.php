<?php

// What `runtime-kit bench` calls: a handler for each scenario.

declare(strict_types=1);

function hello(object $event, object $context): string
{
    return 'hello world';
}

function echoed(object $event, object $context): mixed
{
    return $event->data;
}

function size(object $event, object $context): string
{
    return (string) strlen($event->data);
}

function wait(object $event, object $context): string
{
    usleep(10_000);

    return 'waited';
}

function work(object $event, object $context): string
{
    return hash('sha256', str_repeat('a', 2 ** 20));
}
