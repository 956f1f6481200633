<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use RuntimeKit\Server\MultipartForm;

final class MultipartFormTest extends TestCase
{
    private static function body(string ...$parts): string
    {
        return '--x' . "\r\n" . implode("\r\n--x\r\n", $parts) . "\r\n--x--\r\n";
    }

    public function testReadsFieldsAndFilesByteForByte(): void
    {
        $bytes = "\0\r\n--y\r\n\xff";
        $form = MultipartForm::parse(self::body(
            "Content-Disposition: form-data; name=\"a[b]\"\r\n\r\nvalue",
            "Content-Disposition: form-data; name=f; filename=\"p/q.bin\"\r\nContent-Type: image/png\r\n\r\n$bytes",
        ), 'x');
        self::assertSame(['a' => ['b' => 'value']], $form->fields);
        self::assertSame($bytes, (string) $form->files['f']->getStream());
        self::assertSame('q.bin', $form->files['f']->getClientFilename());
        self::assertSame('image/png', $form->files['f']->getClientMediaType());
    }

    public function testSeesAnEmptyFormInWhatIsNone(): void
    {
        foreach (['', 'no delimiter', "--x\r\n", "--x\r\nContent-Disposition: form-data; name=a"] as $body) {
            self::assertSame([], MultipartForm::parse($body, 'x')->fields);
        }
        self::assertSame([], MultipartForm::parse(self::body('a'), '')->fields);
    }
}
