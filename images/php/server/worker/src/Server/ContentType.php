<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** A content type with its parameters, or another header of that shape. */
final class ContentType
{
    /** @param array<string, string> $parameters by lower-case name, quotes removed */
    private function __construct(public readonly string $name, public readonly array $parameters)
    {
    }

    public static function parse(string $header): self
    {
        $name = strtolower(trim(strtok($header, ';') ?: ''));
        $parameters = [];
        // name=token or name="quoted \" string", see RFC 9110, 5.6.6
        preg_match_all('/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\s;]*))/', $header, $found, PREG_SET_ORDER);
        foreach ($found as $parameter) {
            $quoted = preg_replace('/\\\\(.)/', '$1', $parameter[2]);
            $parameters[strtolower($parameter[1])] = $parameter[3] ?? $quoted;
        }

        return new self($name, $parameters);
    }

    public function isJson(): bool
    {
        return $this->name === 'application/json' || str_ends_with($this->name, '+json');
    }

    public function isText(): bool
    {
        return $this->name === '' || str_starts_with($this->name, 'text/')
            || $this->name === 'application/x-www-form-urlencoded';
    }

    public function isMultipart(): bool
    {
        return str_starts_with($this->name, 'multipart/');
    }
}
