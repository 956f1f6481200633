<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\HandlerLookup;

final class HandlerLookupTest extends TestCase
{
    public function testFunctionsOfPhpItselfAreNoHandlers(): void
    {
        $mine = static fn (): string => 'mine';
        self::assertNull(HandlerLookup::find('date', 1));
        self::assertSame($mine, HandlerLookup::find('date', ['date' => $mine]));
        self::assertSame($mine, HandlerLookup::find('date', $mine));
        self::assertSame(self::class . '::handle', HandlerLookup::find(self::class . '::handle', 1));
    }

    public function testNothingElseThatAModuleReturnsIsAHandler(): void
    {
        $mine = static fn (): string => 'mine';
        self::assertSame($mine, HandlerLookup::find('wanted', ['other' => 'no', 'wanted' => $mine]));
        foreach ([1, ['other' => $mine], 'strlen', new stdClass()] as $exported) {
            self::assertNull(HandlerLookup::find('wanted', $exported));
        }
    }

    public static function handle(): string
    {
        return 'handled';
    }
}
