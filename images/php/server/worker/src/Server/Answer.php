<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;

/** Sends what a function returned, by its type. */
final class Answer
{
    private const JSON = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_PRESERVE_ZERO_FRACTION;

    /** A body up to this size, in bytes, is sent whole; a longer one, or of unknown size, in pieces. */
    private const WHOLE = 1 << 20;

    private const PIECE = 65536;

    /** @param ResponseInterface|null $base status and headers for what is no response itself */
    public static function send(Channel $channel, mixed $value, ?ResponseInterface $base): void
    {
        if ($value instanceof ResponseInterface) {
            self::sendStream($channel, self::head($value, null), $value->getBody());
        } elseif ($value instanceof StreamInterface) {
            self::sendStream($channel, self::head($base, 'application/octet-stream'), $value);
        } elseif ($value instanceof \Generator) {
            self::sendGenerator($channel, $base, $value);
        } else {
            [$type, $body] = self::body($value);
            $channel->answer(self::head($base, $type), $body);
        }
    }

    /** @return array{?string, string} content type and bytes */
    private static function body(mixed $value): array
    {
        if ($value === null) {
            return [null, ''];
        }
        if (is_string($value)) {
            // PHP has one string type: what is not UTF-8 cannot be text for the caller.
            $isText = preg_match('//u', $value) === 1;

            return [$isText ? 'text/plain; charset=utf-8' : 'application/octet-stream', $value];
        }

        return ['application/json', json_encode($value, self::JSON)];
    }

    /** @param list<string> $head */
    private static function sendStream(Channel $channel, array $head, StreamInterface $body): void
    {
        $size = $body->getSize();
        if ($body->isSeekable()) {
            $body->rewind();
        }
        if ($size !== null && $size <= self::WHOLE) {
            $channel->answer($head, $body->getContents());

            return;
        }
        $piece = $body->read(self::PIECE); // an error before the first byte is still an answer of 500
        $channel->start($head);
        $channel->chunk($piece);
        while (!$body->eof()) {
            $channel->chunk($body->read(self::PIECE));
        }
        $channel->end();
    }

    /** @param \Generator<mixed, mixed, mixed, mixed> $pieces strings; what else they are is sent as JSON */
    private static function sendGenerator(Channel $channel, ?ResponseInterface $base, \Generator $pieces): void
    {
        $pieces->rewind(); // runs to the first piece: an error before it is still an answer of 500
        $channel->start(self::head($base, 'text/plain; charset=utf-8'));
        for (; $pieces->valid(); $pieces->next()) {
            $piece = $pieces->current();
            $channel->chunk(is_string($piece) ? $piece : json_encode($piece, self::JSON));
        }
        $channel->end();
    }

    /** @return list<string> status, then header names and values in turn */
    private static function head(?ResponseInterface $response, ?string $type): array
    {
        if ($response === null) {
            return $type === null ? ['200'] : ['200', 'Content-Type', $type];
        }
        $head = [(string) $response->getStatusCode()];
        if ($type !== null && !$response->hasHeader('Content-Type')) {
            array_push($head, 'Content-Type', $type);
        }
        foreach ($response->getHeaders() as $name => $values) {
            foreach ($values as $value) {
                array_push($head, (string) $name, $value);
            }
        }

        return $head;
    }
}
