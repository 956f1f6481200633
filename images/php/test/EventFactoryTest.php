<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\EventFactory;
use RuntimeKit\Server\IncomingRequest;
use RuntimeKit\Server\RefusedRequest;

final class EventFactoryTest extends TestCase
{
    private static function event(string $type, string $body, string ...$headers): object
    {
        $head = ['POST', '/a%2Fb?x=1', '1.1', '127.0.0.1:5', 'example', 'Content-Type', $type, ...$headers];

        return EventFactory::create(IncomingRequest::parse(implode("\0", $head), $body));
    }

    public function testDecodesByContentType(): void
    {
        self::assertSame('v', self::event('application/json', '{"k":"v"}')->data->k);
        self::assertSame('ü', self::event('text/plain; charset=iso-8859-1', "\xfc")->data);
        self::assertSame("\xfc\0", self::event('image/png', "\xfc\0")->data);
        self::assertNull(self::event('application/json', '')->data);
        self::assertSame(1, self::event('application/json', "\u{FEFF}1")->data);
        self::assertSame('x', self::event('text/plain; charset=', 'x')->data);
    }

    public function testRefusesMalformedJson(): void
    {
        $this->expectExceptionObject(new RefusedRequest(400, 'Malformed JSON: Syntax error'));
        self::event('application/json', '{');
    }

    public function testTellsAnUnknownCharsetFromTextThatIsNotInACharset(): void
    {
        $refusals = [];
        foreach (['text/plain; charset=Klingon', 'application/json; charset="Klingon"', 'text/plain; charset=UTF-16LE'] as $type) {
            try {
                self::event($type, 'x');
            } catch (RefusedRequest $refusal) {
                $refusals[] = "{$refusal->getCode()} {$refusal->getMessage()}";
            }
        }
        $unsupported = '415 Unsupported charset: Klingon';
        self::assertSame([$unsupported, $unsupported, '400 Malformed text: it is not UTF-16LE'], $refusals);
    }

    public function testRefusesWhatIsNoBase64(): void
    {
        $event = ['specversion' => '1.0', 'id' => '1', 'source' => 's', 'type' => 't'];
        $refused = 0;
        foreach (['***', 'aGk', 'aG k', "aGk=\n", 'aG k====', 'aGk=aGk=', '_-8=', 42, null] as $data) {
            try {
                self::event('application/cloudevents+json', json_encode([...$event, 'data_base64' => $data]));
            } catch (RefusedRequest $refusal) {
                self::assertSame('Malformed CloudEvent: data_base64 is not base64', $refusal->getMessage());
                $refused++;
            }
        }
        self::assertSame(9, $refused);
        self::assertSame('', self::event('application/cloudevents+json', json_encode([...$event, 'data_base64' => '']))->data);
    }

    public function testHeadersWinOverCloudEventAttributes(): void
    {
        $event = self::event('text/plain', 'x', 'Ce-Id', 'c%201', 'Ce-Type', 't', 'Event-Type', 'mine');
        self::assertSame('c 1', $event->{'event-id'});
        self::assertSame('mine', $event->{'event-type'});
        self::assertSame('t', $event->extensions->cloudevent->type);
    }

    public function testUnpacksStructuredEvents(): void
    {
        $attributes = ['specversion' => '1.0', 'id' => '1', 'source' => 's', 'type' => 't'];
        $event = self::event('application/cloudevents+json', json_encode($attributes + ['data_base64' => '/wA=']));
        self::assertSame("\xff\0", $event->data);
        self::assertSame('s', $event->{'event-namespace'});
        $this->expectExceptionMessage('attribute "id" is missing');
        unset($attributes['id']);
        self::event('application/cloudevents+json', json_encode($attributes));
    }

    public function testRequestKeepsItsPathWhereTheHostCannotBeRead(): void
    {
        $incoming = new IncomingRequest(['GET', '/a?x=1', '1.1', '127.0.0.1:5', 'a_b:99999'], '');
        $uri = EventFactory::create($incoming)->extensions->request->getUri();
        self::assertSame('/a', $uri->getPath());
    }

    public function testRequestKeepsTheTargetAsItCame(): void
    {
        $request = self::event('', '')->extensions->request;
        self::assertSame('/a%2Fb?x=1', $request->getRequestTarget());
        self::assertSame(['x' => '1'], $request->getQueryParams());
    }
}
