<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** The two pipes to the front. What goes over them is described in the front's frame.go. */
final class Channel
{
    /** What is shorter, in bytes, goes out in one piece with what stands before it. */
    private const SHORT = 65536;

    /** The front takes no more in one frame. */
    private const LONGEST = 1 << 30;

    private bool $streaming = false;

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
        do {
            $lead = $this->exactly(8);
            if ($lead === null) {
                return null;
            }
            ['head' => $headLength, 'body' => $bodyLength] = unpack('Nhead/Nbody', $lead);
            // Without a head it was the word to stop a stream that had come to its end.
        } while ($headLength === 0);
        $head = $this->exactly($headLength);
        $body = $bodyLength === 0 ? '' : $this->exactly($bodyLength);

        return $head === null || $body === null ? null : IncomingRequest::parse($head, $body);
    }

    /** Whether the front says that nobody reads the streamed answer any more. */
    public function isUnwanted(): bool
    {
        $read = [$this->requests];
        $none = null;

        return (bool) @stream_select($read, $none, $none, 0);
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
        $this->frame('L', '');
    }

    public function cannotLoad(string $reason): void
    {
        $this->frame('X', $reason);
    }

    /**
     * @param list<string> $head status, then header names and values in turn
     * @throws \LengthException for a body that only fits into a stream
     */
    public function answer(array $head, string $body): void
    {
        $head = implode("\0", $head);
        $length = 4 + strlen($head) + strlen($body);
        if ($length > self::LONGEST) {
            throw new \LengthException('an answer of ' . strlen($body) . ' bytes is too long: stream it');
        }
        $this->write(pack('aNN', 'A', $length, strlen($head)) . $head, $body);
    }

    /** @param list<string> $head as for answer() */
    public function start(array $head): void
    {
        $this->streaming = true;
        $this->frame('H', implode("\0", $head));
    }

    public function chunk(string $bytes): void
    {
        // The front holds a chunk in memory: none is longer than it has to be.
        for ($at = 0, $end = strlen($bytes); $at < $end; $at += self::SHORT) {
            $this->frame('C', $end <= self::SHORT ? $bytes : substr($bytes, $at, self::SHORT));
        }
    }

    public function end(): void
    {
        $this->streaming = false;
        $this->frame('E', '');
    }

    /** Whether an answer has begun that is not complete: its status is out. */
    public function isStreaming(): bool
    {
        return $this->streaming;
    }

    public function failed(\Throwable $error): void
    {
        $this->streaming = false;
        // The name of an anonymous class has a NUL in it.
        $this->frame('F', self::summary($error) . "\0" . strtr((string) $error, "\0", ' '));
    }

    /** The answer that follows is that of an error which carries a status. */
    public function thrown(): void
    {
        $this->frame('T', '');
    }

    public function refused(RefusedRequest $refusal): void
    {
        $this->frame('R', $refusal->getCode() . "\0" . $refusal->getMessage());
    }

    /** @param string $reason why this process ends in the middle of a call, for people */
    public function ending(string $reason): void
    {
        $this->frame('Z', $reason);
    }

    /** One line: class, message, file and line. */
    public static function summary(\Throwable $error): string
    {
        return strtr(
            $error::class . ": {$error->getMessage()} in {$error->getFile()}:{$error->getLine()}",
            "\r\n\0",
            '   ',
        );
    }

    private function frame(string $kind, string $payload): void
    {
        $this->write(pack('aN', $kind, strlen($payload)), $payload);
    }

    /** A long rest goes out by itself: joined to the start it would be in memory twice. */
    private function write(string $start, string $rest): void
    {
        foreach (strlen($rest) <= self::SHORT ? [$start . $rest] : [$start, $rest] as $piece) {
            // A signal can cut a write short; the rest follows.
            while ($piece !== '') {
                $written = fwrite($this->answers, $piece);
                if ($written === false) {
                    exit(1); // the front is gone, and with it whoever could be told
                }
                $piece = $written === strlen($piece) ? '' : substr($piece, $written);
            }
        }
    }
}
