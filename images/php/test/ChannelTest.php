<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\Channel;

final class ChannelTest extends TestCase
{
    private static function channel(string $requests): Channel
    {
        $from = fopen('php://memory', 'w+');
        fwrite($from, $requests);
        rewind($from);

        return new Channel($from, fopen('php://memory', 'w'));
    }

    private static function request(string $head, string $body): string
    {
        return pack('NN', strlen($head), strlen($body)) . $head . $body;
    }

    public function testReadsRequestsOneAfterTheOther(): void
    {
        $head = implode("\0", ['PUT', '/a?b', '1.1', '127.0.0.1:5', 'host', 'X-A', '1', 'x-a', '2', '7', 'number']);
        $channel = self::channel(self::request($head, "a\0b") . self::request($head, ''));
        $request = $channel->read();
        self::assertSame(['PUT', '/a?b', '1.1', "a\0b"], [
            $request->method(), $request->target(), $request->protocolVersion(), $request->body,
        ]);
        self::assertSame(['host' => 'host', 'x-a' => '1, 2', 7 => 'number'], $request->headers);
        self::assertSame('', $channel->read()->body);
        self::assertNull($channel->read());
    }

    public function testARequestThatBreaksOffIsTheEnd(): void
    {
        $whole = self::request("GET\0/\x001.1\0:\0", 'body');
        self::assertNotNull(self::channel($whole)->read());
        foreach ([4, 12, strlen($whole) - 1] as $length) {
            self::assertNull(self::channel(substr($whole, 0, $length))->read());
        }
    }

    public function testASummaryIsOneLine(): void
    {
        $error = new RuntimeException("a\r\nb\0c");
        self::assertSame('RuntimeException: a  b c in ' . __FILE__ . ':' . (__LINE__ - 1), Channel::summary($error));
    }
}
