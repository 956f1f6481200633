<?php

declare(strict_types=1);

namespace RuntimeKit;

/**
 * Thrown by a function to answer with a status of its own: the message is public and becomes the
 * body, as text.
 *
 *     throw new RuntimeKit\HttpException(404, 'No such order');
 *
 * Where a function's own dependencies bring them, Symfony's HttpExceptionInterface and Slim's
 * HttpException do the same.
 */
class HttpException extends \RuntimeException
{
    /**
     * @param int $status HTTP status, 400 to 599
     * @param string $message public text of the answer
     * @param array<string, string|list<string>> $headers headers of the answer
     */
    public function __construct(
        private readonly int $status,
        string $message = '',
        private readonly array $headers = [],
        ?\Throwable $previous = null,
    ) {
        if ($status < 400 || $status > 599) {
            throw new \InvalidArgumentException("HttpException: $status is not a status from 400 to 599");
        }
        parent::__construct($message, $status, $previous);
    }

    public function getStatusCode(): int
    {
        return $this->status;
    }

    /** @return array<string, string|list<string>> */
    public function getHeaders(): array
    {
        return $this->headers;
    }
}
