<?php

declare(strict_types=1);

use Nyholm\Psr7\Response;
use Nyholm\Psr7\Stream;
use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\Answer;

require_once __DIR__ . '/ChannelPair.php';

final class AnswerTest extends TestCase
{
    private const TEXT = ['200', 'Content-Type', 'text/plain; charset=utf-8'];

    /** @return array{list<string>, string} */
    private static function answer(mixed $value, ?Response $base = null): array
    {
        $pair = new ChannelPair();
        Answer::send($pair->channel, $value, $base);

        return $pair->answer();
    }

    public function testGoesByTheTypeOfTheValue(): void
    {
        self::assertSame([['200'], ''], self::answer(null));
        self::assertSame([self::TEXT, ''], self::answer(''));
        self::assertSame([['200', 'Content-Type', 'application/octet-stream'], "\xff"], self::answer("\xff"));
        self::assertSame([['200', 'Content-Type', 'application/json'], '[1.0]'], self::answer([1.0]));
    }

    public function testBytesThatAreNoTextDoNotBreakJson(): void
    {
        self::assertSame('{"a":"x' . "\u{FFFD}" . '"}', self::answer(['a' => "x\xff"])[1]);
        $this->expectException(JsonException::class);
        self::answer(['a' => INF]);
    }

    public function testTakesWhatCanBeAStringForText(): void
    {
        $name = new class {
            public function __toString(): string
            {
                return 'Ada';
            }
        };
        self::assertSame([self::TEXT, 'Ada'], self::answer($name));
        self::assertSame('{}', self::answer(new RuntimeException('secret'))[1]);
    }

    public function testWhatWasWrittenComesBeforeWhatIsReturned(): void
    {
        $base = new Response(201);
        $base->getBody()->write('written ');
        $type = ['201', 'Content-Type', 'text/plain; charset=utf-8'];
        self::assertSame([$type, 'written '], self::answer(null, $base));
        self::assertSame([$type, 'written returned'], self::answer('returned', $base));
    }

    public function testAResponseWithoutATypeGetsThatOfItsBody(): void
    {
        self::assertSame([self::TEXT, '<b>'], self::answer(new Response(200, [], '<b>')));
        self::assertSame([['204'], ''], self::answer(new Response(204)));
    }

    public function testAnInterimStatusIsNoAnswer(): void
    {
        $this->expectExceptionMessage('status 100 cannot be answered');
        self::answer(new Response(100));
    }

    public function testAPipeIsStreamedThoughItCallsItsSizeZero(): void
    {
        $pair = new ChannelPair();
        Answer::send($pair->channel, new Response(200, [], Stream::create(popen('echo one; sleep 0.1; echo two', 'r'))), null);
        self::assertSame('H', $pair->frame()[0]);
        self::assertSame(['C', "one\n"], $pair->frame());
        self::assertSame(['C', "two\n"], $pair->frame());
    }

    public function testAStreamThatNobodyWantsEnds(): void
    {
        $ended = false;
        $endless = (static function () use (&$ended): Generator {
            try {
                while (true) {
                    yield 'x';
                }
            } finally {
                $ended = true;
            }
        })();
        $pair = new ChannelPair();
        $pair->send(str_repeat("\0", 8));
        Answer::send($pair->channel, $endless, null);
        unset($endless);
        self::assertTrue($ended);
        self::assertSame(['H', 'C', 'E'], [$pair->frame()[0], $pair->frame()[0], $pair->frame()[0]]);
        $head = implode("\0", ['GET', '/', '1.1', '127.0.0.1:5', 'example']);
        $pair->send(pack('NN', strlen($head), 0) . $head);
        self::assertSame('GET', $pair->channel->read()?->method());
    }

    public function testAnErrorIsOneLineThoughItsClassHasNoName(): void
    {
        $pair = new ChannelPair();
        $pair->channel->failed(new class ("a\nb") extends Exception {
        });
        [$kind, $payload] = $pair->frame();
        [$summary, $stack] = explode("\0", $payload);
        self::assertSame('F', $kind);
        self::assertMatchesRegularExpression('/^Exception@anonymous .*: a b in .*AnswerTest.php:\d+$/', $summary);
        self::assertStringContainsString('#0 ', $stack);
    }
}
