<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;

/** Sends what a function returned, by its type. */
final class Answer
{
    // A caller's bytes that are no UTF-8 come back with U+FFFD in their place: they are no error of the function's.
    private const JSON = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_PRESERVE_ZERO_FRACTION | JSON_INVALID_UTF8_SUBSTITUTE;

    private const TEXT = 'text/plain; charset=utf-8';
    private const BYTES = 'application/octet-stream';

    /** A body up to this size, in bytes, is sent whole; a longer one, or of unknown size, in pieces. */
    private const WHOLE = 1 << 20;

    private const PIECE = 65536;

    /**
     * @param ResponseInterface|null $base status and headers for what is no response itself; what was
     *     written to its body comes before what was returned
     */
    public static function send(Channel $channel, mixed $value, ?ResponseInterface $base): void
    {
        if ($value instanceof ResponseInterface) {
            self::sendStream($channel, $value, '', $value->getBody(), null);

            return;
        }
        $written = $base === null ? '' : (string) $base->getBody();
        if ($value instanceof StreamInterface) {
            self::sendStream($channel, $base, $written, $value, self::BYTES);
        } elseif ($value instanceof \Generator) {
            self::sendGenerator($channel, $base, $written, $value);
        } else {
            $body = $written . self::encode($value);
            $type = match (true) {
                $value === null && $body === '' => null,
                $value === null, self::isText($value) => self::type($body),
                default => 'application/json',
            };
            $channel->answer(self::head($base, $type), $body);
        }
    }

    private static function encode(mixed $value): string
    {
        return $value === null || self::isText($value) ? (string) $value : json_encode($value, self::JSON);
    }

    /** An error is Stringable too, with all that is in its trace: that is not meant for callers. */
    private static function isText(mixed $value): bool
    {
        return is_string($value) || $value instanceof \Stringable
            && !$value instanceof \JsonSerializable && !$value instanceof \Throwable;
    }

    /** PHP has one string type: what is not UTF-8 cannot be text for the caller. */
    private static function type(string $body): string
    {
        return preg_match('//u', $body) === 1 ? self::TEXT : self::BYTES;
    }

    /** @param string|null $type of a body that has no type; null: by what is in it */
    private static function sendStream(
        Channel $channel,
        ?ResponseInterface $response,
        string $written,
        StreamInterface $body,
        ?string $type,
    ): void {
        $size = null;
        if ($body->isSeekable()) { // a pipe calls its size 0
            $body->rewind();
            $size = $body->getSize();
        }
        if ($size !== null && $size <= self::WHOLE) {
            $whole = $written . $body->getContents();
            $channel->answer(self::head($response, $whole === '' ? null : $type ?? self::type($whole)), $whole);

            return;
        }
        $piece = $written . $body->read(self::PIECE); // an error before the first byte is still an answer of 500
        $channel->start(self::head($response, $type ?? self::BYTES));
        $channel->chunk($piece);
        while (!$body->eof() && !$channel->isUnwanted()) {
            $channel->chunk($body->read(self::PIECE));
        }
        $channel->end();
    }

    /** @param \Generator<mixed, mixed, mixed, mixed> $pieces text; what else they are is sent as JSON */
    private static function sendGenerator(
        Channel $channel,
        ?ResponseInterface $base,
        string $written,
        \Generator $pieces,
    ): void {
        $pieces->rewind(); // runs to the first piece: an error before it is still an answer of 500
        $channel->start(self::head($base, self::TEXT));
        $channel->chunk($written);
        while ($pieces->valid()) {
            $piece = $pieces->current();
            $channel->chunk(self::isText($piece) ? (string) $piece : json_encode($piece, self::JSON));
            if ($channel->isUnwanted()) {
                break; // the generator's finally blocks run when it is let go
            }
            $pieces->next();
        }
        $channel->end();
    }

    /**
     * @return list<string> status, then header names and values in turn
     * @throws \UnexpectedValueException for a status that ends no exchange
     */
    private static function head(?ResponseInterface $response, ?string $type): array
    {
        if ($response === null) {
            return $type === null ? ['200'] : ['200', 'Content-Type', $type];
        }
        $status = $response->getStatusCode();
        if ($status < 200 || $status > 999) {
            throw new \UnexpectedValueException("status $status cannot be answered: set one from 200 to 599");
        }
        $head = [(string) $status];
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
