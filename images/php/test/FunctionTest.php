<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Context;
use RuntimeKit\Event;
use RuntimeKit\Server\EventFactory;
use RuntimeKit\Server\IncomingRequest;

/** What a function is written against: the classes of its event and context. */
final class FunctionTest extends TestCase
{
    public function testEventAndContextHoldWhatTheContractNames(): void
    {
        $event = self::event();
        self::assertEqualsCanonicalizing(
            ['data', 'event-id', 'event-type', 'event-time', 'event-namespace', 'extensions'],
            array_keys(get_object_vars($event)),
        );
        self::assertSame(
            '{"timeout":"180","runtime":null,"function-name":"place","memory-limit":null}',
            json_encode(new Context('place', '180', null, null)),
        );
    }

    public function testAFunctionOfOldThatSaysStdClassIsCalled(): void
    {
        $handler = static fn (stdClass $event, stdClass $context): string => $event->{'event-id'} . $context->timeout;
        self::assertSame('7180', $handler(self::event(), new Context('place', '180', null, null)));
    }

    public function testTheTypedExampleTakesThemAndAWrongOneDoesNot(): void
    {
        require_once __DIR__ . '/../../../examples/php/typed/order.php';
        $context = new Context('place', '180', null, null);
        $response = place(self::event(), $context);
        self::assertSame(201, $response->getStatusCode());
        self::assertSame('{"item":"tea","count":2,"id":"7","placed by":"place"}', (string) $response->getBody());
        $this->expectException(TypeError::class);
        place($context, self::event());
    }

    private static function event(): Event
    {
        $head = ['POST', '/', '1.1', ':', 'localhost', 'content-type', 'application/json', 'event-id', '7'];

        return EventFactory::create(IncomingRequest::parse(implode("\0", $head), '{"item":"tea","count":2}'));
    }
}
