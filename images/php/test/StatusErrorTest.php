<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\HttpException;
use RuntimeKit\Server\StatusError;

final class StatusErrorTest extends TestCase
{
    public function testAnErrorThatCarriesAStatusIsAnAnswer(): void
    {
        $response = StatusError::response(new HttpException(418, 'teapot', ['Retry-After' => '7']));
        self::assertSame(418, $response?->getStatusCode());
        self::assertSame('teapot', (string) $response->getBody());
        self::assertSame(['7'], $response->getHeader('Retry-After'));
        self::assertSame(['text/plain; charset=utf-8'], $response->getHeader('Content-Type'));
    }

    public function testACodeIsNoStatus(): void
    {
        self::assertNull(StatusError::response(new RuntimeException('secret', 418)));
    }

    public function testHeadersThatCannotBeSentAreLeftOut(): void
    {
        $response = StatusError::response(new HttpException(400, 'text', ["bad\nname" => 'x']));
        self::assertSame('text', (string) $response?->getBody());
        self::assertSame(['Content-Type'], array_keys($response->getHeaders()));
    }

    public function testAStatusThatIsNoErrorsIsRefused(): void
    {
        $this->expectExceptionMessage('200 is not a status from 400 to 599');
        new HttpException(200);
    }
}
