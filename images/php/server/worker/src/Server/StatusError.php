<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use Nyholm\Psr7\Response;
use Psr\Http\Message\ResponseInterface;
use RuntimeKit\HttpException;

/** Errors that carry a status: ours, and those of two frameworks where a function brings them. */
final class StatusError
{
    /** The answer that the error asks for; null where it is an ordinary error. */
    public static function response(\Throwable $error): ?ResponseInterface
    {
        // instanceof loads no class: the frameworks need not be there.
        if ($error instanceof HttpException || $error instanceof \Symfony\Component\HttpKernel\Exception\HttpExceptionInterface) {
            return self::text($error->getStatusCode(), $error->getMessage(), $error->getHeaders());
        }
        if ($error instanceof \Slim\Exception\HttpException) {
            return self::text($error->getCode(), $error->getMessage(), []);
        }

        return null;
    }

    /** @param array<string, string|list<string>> $headers */
    private static function text(int $status, string $message, array $headers): ?ResponseInterface
    {
        if ($status < 400 || $status > 599) {
            return null; // no status of an error: not meant for the caller
        }
        try {
            $response = new Response($status, $headers, $message);
        } catch (\InvalidArgumentException) {
            $response = new Response($status, [], $message); // without headers that cannot be sent
        }

        return $response->hasHeader('Content-Type')
            ? $response
            : $response->withHeader('Content-Type', 'text/plain; charset=utf-8');
    }
}
