<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** The two pipes to the front. What goes over them is described in the front's frame.go. */
final class Channel
{
    /** @param resource $requests @param resource $answers */
    public function __construct(private $requests, private $answers)
    {
        stream_set_chunk_size($requests, 65536);
    }

    public static function toFront(): self
    {
        $requests = @fopen('php://fd/3', 'r');
        $answers = @fopen('php://fd/4', 'w');
        if ($requests === false || $answers === false) {
            fwrite(STDERR, "runtime-kit: worker.php needs descriptors 3 and 4: the front starts it\n");
            exit(2);
        }

        return new self($requests, $answers);
    }

    /** The next request; null where the front has closed the pipe. */
    public function read(): ?IncomingRequest
    {
        $lead = $this->exactly(8);
        if ($lead === null) {
            return null;
        }
        ['head' => $headLength, 'body' => $bodyLength] = unpack('Nhead/Nbody', $lead);
        $head = $this->exactly($headLength);
        $body = $bodyLength === 0 ? '' : $this->exactly($bodyLength);

        return $head === null || $body === null ? null : IncomingRequest::parse($head, $body);
    }

    /** Waits until a request is there or a signal has come; true for a request or the end. */
    public function wait(): bool
    {
        $read = [$this->requests];
        $none = null;

        return (bool) @stream_select($read, $none, $none, null);
    }

    private function exactly(int $length): ?string
    {
        $bytes = '';
        while (($missing = $length - strlen($bytes)) > 0) {
            $piece = fread($this->requests, $missing);
            if ($piece === false || ($piece === '' && feof($this->requests))) {
                return null;
            }
            $bytes .= $piece;
        }

        return $bytes;
    }

    public function loaded(): void
    {
        $this->write('L', '');
    }

    public function cannotLoad(string $reason): void
    {
        $this->write('X', $reason);
    }

    /** @param list<string> $head status, then header names and values in turn */
    public function answer(array $head, string $body): void
    {
        $head = implode("\0", $head);
        $this->write('A', pack('N', strlen($head)) . $head . $body);
    }

    /** @param list<string> $head as for answer() */
    public function start(array $head): void
    {
        $this->write('H', implode("\0", $head));
    }

    public function chunk(string $bytes): void
    {
        if ($bytes !== '') {
            $this->write('C', $bytes);
        }
    }

    public function end(): void
    {
        $this->write('E', '');
    }

    public function failed(\Throwable $error): void
    {
        $this->write('F', self::summary($error) . "\0" . $error);
    }

    public function refused(RefusedRequest $refusal): void
    {
        $this->write('R', $refusal->getCode() . "\0" . $refusal->getMessage());
    }

    /** One line: class, message, file and line. */
    public static function summary(\Throwable $error): string
    {
        $message = strtr($error->getMessage(), "\r\n\0", '   ');

        return $error::class . ": $message in {$error->getFile()}:{$error->getLine()}";
    }

    private function write(string $kind, string $payload): void
    {
        $frame = pack('aN', $kind, strlen($payload)) . $payload;
        // A pipe takes what it has room for; the rest follows.
        while ($frame !== '') {
            $written = fwrite($this->answers, $frame);
            if ($written === false) {
                exit(1); // the front is gone, and with it whoever could be told
            }
            $frame = $written === strlen($frame) ? '' : substr($frame, $written);
        }
    }
}
