<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\ContentType;

final class ContentTypeTest extends TestCase
{
    public function testReadsQuotedAndBareParameters(): void
    {
        $type = ContentType::parse('Multipart/Form-Data; Boundary="a \"b\""; charset=UTF-8');
        self::assertSame('multipart/form-data', $type->name);
        self::assertSame(['boundary' => 'a "b"', 'charset' => 'UTF-8'], $type->parameters);
    }

    public function testTellsKindsApart(): void
    {
        self::assertTrue(ContentType::parse('application/vnd.api+json; charset=utf-8')->isJson());
        self::assertFalse(ContentType::parse('application/jsonp')->isJson());
        self::assertTrue(ContentType::parse('')->isText());
        self::assertTrue(ContentType::parse('text/csv')->isText());
        self::assertFalse(ContentType::parse('image/png')->isText());
    }
}
