<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** A request that is answered without calling the function; code is the status, message the body. */
final class RefusedRequest extends \RuntimeException
{
    public function __construct(int $status, string $reason)
    {
        parent::__construct($reason, $status);
    }
}
