<?php

declare(strict_types=1);

namespace RuntimeKit;

/**
 * One call of the function. Its attributes have hyphens in their names, as in every language:
 * `$event->{'event-id'}`, `event-type`, `event-time` and `event-namespace` are a string or null.
 *
 * A handler may take it as `object` too, or as what it extends: functions of old say `stdClass`.
 */
final class Event extends \stdClass
{
    /**
     * @param mixed $data JSON as json_decode() makes it; text in UTF-8; the bytes of anything else; null
     *     without a body, and for multipart, which `extensions->request` holds
     * @param array<string, ?string> $attributes by name
     */
    public function __construct(
        public mixed $data,
        public Extensions $extensions,
        array $attributes,
    ) {
        foreach ($attributes as $name => $value) {
            $this->{$name} = $value;
        }
    }
}
