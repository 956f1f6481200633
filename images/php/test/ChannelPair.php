<?php

declare(strict_types=1);

use RuntimeKit\Server\Channel;

/** A worker's channel with the test in the front's place. */
final class ChannelPair
{
    public readonly Channel $channel;

    /** @var resource */
    private $front;

    public function __construct()
    {
        [$this->front, $worker] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $this->channel = new Channel($worker, $worker);
    }

    public function send(string $bytes): void
    {
        fwrite($this->front, $bytes);
    }

    /** @return array{string, string} kind and payload of the next frame */
    public function frame(): array
    {
        ['kind' => $kind, 'length' => $length] = unpack('akind/Nlength', (string) fread($this->front, 5));

        return [$kind, $length === 0 ? '' : (string) stream_get_contents($this->front, $length)];
    }

    /** @return array{list<string>, string} head and body of a whole answer */
    public function answer(): array
    {
        [$kind, $payload] = $this->frame();
        PHPUnit\Framework\Assert::assertSame('A', $kind);
        $length = unpack('N', $payload)[1];

        return [explode("\0", substr($payload, 4, $length)), substr($payload, 4 + $length)];
    }
}
