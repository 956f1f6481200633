<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use RuntimeKit\Event;
use RuntimeKit\Extensions;

/** Makes the event of a call. */
final class EventFactory
{
    /** @throws RefusedRequest for malformed JSON, CloudEvents, and charsets that PHP does not know */
    public static function create(IncomingRequest $request): Event
    {
        $headers = $request->headers;
        $type = ContentType::parse($headers['content-type'] ?? '');
        $event = $type->name === 'application/cloudevents+json'
            ? CloudEvent::structured(self::json($request->body, $type))
            : CloudEvent::binary($headers);

        return new Event(
            $event?->hasData ? $event->data : self::data($request->body, $type),
            new Extensions($request, $event === null ? null : (object) $event->attributes),
            [
                'event-id' => $headers['event-id'] ?? $event?->attributes['id'] ?? null,
                'event-type' => $headers['event-type'] ?? $event?->attributes['type'] ?? null,
                'event-time' => $headers['event-time'] ?? $event?->attributes['time'] ?? null,
                'event-namespace' => $headers['event-namespace'] ?? $event?->attributes['source'] ?? null,
            ],
        );
    }

    private static function data(string $body, ContentType $type): mixed
    {
        if ($body === '' || $type->isMultipart()) {
            return null;
        }
        if ($type->isJson()) {
            return self::json($body, $type);
        }

        return $type->isText() ? self::utf8($body, $type) : $body;
    }

    private static function json(string $body, ContentType $type): mixed
    {
        $text = self::utf8($body, $type);
        try {
            // A byte order mark is no JSON; RFC 8259, 8.1, lets a parser pass over it.
            $text = str_starts_with($text, "\u{FEFF}") ? substr($text, 3) : $text;

            return json_decode($text, false, 512, JSON_THROW_ON_ERROR);
        } catch (\JsonException $error) {
            throw new RefusedRequest(400, 'Malformed JSON: ' . $error->getMessage());
        }
    }

    private static function utf8(string $text, ContentType $type): string
    {
        $name = $type->parameters['charset'] ?? '';
        $charset = strtolower($name);
        if ($charset === '' || $charset === 'utf-8' || $charset === 'utf8' || $charset === 'us-ascii') {
            return $text;
        }
        // iconv knows more names than mbstring; both warn where they should tell.
        if (preg_match('/^[\w.:-]+$/', $charset) !== 1 || @iconv($charset, 'UTF-8', '') === false) {
            throw new RefusedRequest(415, "Unsupported charset: $name");
        }
        $converted = @iconv($charset, 'UTF-8', $text);
        if ($converted === false) {
            throw new RefusedRequest(400, "Malformed text: it is not $name");
        }

        return $converted;
    }
}
