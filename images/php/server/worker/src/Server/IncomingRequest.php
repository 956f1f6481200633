<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** A request as the front hands it over. */
final class IncomingRequest
{
    /** @var array<string, string> values by lower-case name; several of one name joined by a comma */
    public readonly array $headers;

    /** @param list<string> $fields method, target, version, remote address, host, then header pairs */
    public function __construct(private readonly array $fields, public readonly string $body)
    {
        $headers = $fields[4] === '' ? [] : ['host' => $fields[4]];
        for ($i = 5, $end = count($fields); $i < $end; $i += 2) {
            $name = strtolower($fields[$i]);
            $headers[$name] = isset($headers[$name]) ? "$headers[$name], {$fields[$i + 1]}" : $fields[$i + 1];
        }
        $this->headers = $headers;
    }

    /** Takes the head apart that the front has joined by NUL characters. */
    public static function parse(string $head, string $body): self
    {
        return new self(explode("\0", $head), $body);
    }

    public function method(): string
    {
        return $this->fields[0];
    }

    /** Path and query as they came, percent-encoding intact. */
    public function target(): string
    {
        return $this->fields[1];
    }

    public function protocolVersion(): string
    {
        return $this->fields[2];
    }

    /** Address and port of the caller. */
    public function remote(): string
    {
        return $this->fields[3];
    }

    /** @return array<string, list<string>> all values by name, for PSR-7 */
    public function headerLists(): array
    {
        $lists = $this->fields[4] === '' ? [] : ['Host' => [$this->fields[4]]];
        for ($i = 5, $end = count($this->fields); $i < $end; $i += 2) {
            $lists[$this->fields[$i]][] = $this->fields[$i + 1];
        }

        return $lists;
    }
}
