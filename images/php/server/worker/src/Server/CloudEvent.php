<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** The attributes of a CloudEvent 1.0, and its data where the event carries it itself. */
final class CloudEvent
{
    private const REQUIRED = ['id', 'source', 'specversion', 'type'];

    /** @param array<string, mixed> $attributes by name, without `ce-` */
    private function __construct(
        public readonly array $attributes,
        public readonly bool $hasData,
        public readonly mixed $data,
    ) {
    }

    /**
     * Binary mode: attributes are headers, data is the body.
     *
     * @param array<string, string> $headers by lower-case name
     */
    public static function binary(array $headers): ?self
    {
        $attributes = [];
        foreach ($headers as $name => $value) {
            // A header that is a number is an integer key.
            if (str_starts_with((string) $name, 'ce-')) {
                // Values are percent-encoded, see the HTTP binding, 3.1.3.2.
                $attributes[substr((string) $name, 3)] = rawurldecode($value);
            }
        }
        if ($attributes === []) {
            return null;
        }
        if (isset($headers['content-type'])) {
            $attributes['datacontenttype'] ??= $headers['content-type'];
        }

        return new self($attributes, false, null);
    }

    /**
     * Structured mode: the body is the event.
     *
     * @throws RefusedRequest where it is no object, lacks an attribute or has bad base64
     */
    public static function structured(mixed $body): self
    {
        if (!is_object($body)) {
            throw new RefusedRequest(400, 'Malformed CloudEvent: the body is no JSON object');
        }
        $attributes = get_object_vars($body);
        foreach (self::REQUIRED as $name) {
            if (!is_string($attributes[$name] ?? null) || $attributes[$name] === '') {
                throw new RefusedRequest(400, "Malformed CloudEvent: attribute \"$name\" is missing");
            }
        }
        $data = $attributes['data'] ?? null;
        if (array_key_exists('data_base64', $attributes)) {
            $encoded = $attributes['data_base64'];
            // PHP's strict mode passes over white space and does not ask for padding.
            $isBase64 = is_string($encoded) && strlen($encoded) % 4 === 0 && strpbrk($encoded, " \t\r\n") === false;
            $data = $isBase64 ? base64_decode($encoded, true) : false;
            if ($data === false) {
                throw new RefusedRequest(400, 'Malformed CloudEvent: data_base64 is not base64');
            }
        }
        unset($attributes['data'], $attributes['data_base64']);

        return new self($attributes, true, $data);
    }
}
