<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use Nyholm\Psr7\Stream;
use Nyholm\Psr7\UploadedFile;
use Psr\Http\Message\UploadedFileInterface;

/**
 * The parts of a multipart/form-data body (RFC 7578). PHP reads such a body itself only where it is
 * the web server's module; a long-running worker is not.
 */
final class MultipartForm
{
    /**
     * @param array<string, mixed> $fields as parse_str() nests them: a[b]=c becomes ['a' => ['b' => 'c']]
     * @param array<string, mixed> $files UploadedFileInterface, nested likewise
     */
    private function __construct(public readonly array $fields, public readonly array $files)
    {
    }

    /** A body that is not what its type says has no parts: the function sees an empty form. */
    public static function parse(string $body, string $boundary): self
    {
        $fields = $files = [];
        foreach (self::parts($body, $boundary) as [$head, $content]) {
            $disposition = ContentType::parse($head['content-disposition'] ?? '');
            $name = $disposition->parameters['name'] ?? null;
            if ($name === null) {
                continue;
            }
            $filename = $disposition->parameters['filename'] ?? null;
            if ($filename === null) {
                $fields[] = [$name, $content];
            } else {
                $files[] = [$name, self::file($content, $filename, $head['content-type'] ?? null)];
            }
        }

        return new self(self::nest($fields), self::nest($files));
    }

    /** @return iterable<array{array<string, string>, string}> headers by lower-case name, content */
    private static function parts(string $body, string $boundary): iterable
    {
        if ($boundary === '') {
            return;
        }
        $delimiter = "\r\n--$boundary";
        // The first delimiter has no line end before it; one is added so that all are alike.
        $body = "\r\n$body";
        $at = strpos($body, $delimiter);
        while ($at !== false) {
            $start = $at + strlen($delimiter);
            $next = strpos($body, $delimiter, $start);
            if ($next === false || substr($body, $start, 2) === '--') {
                return;
            }
            $lineEnd = strpos($body, "\r\n", $start);
            $headEnd = strpos($body, "\r\n\r\n", (int) $lineEnd);
            if ($headEnd !== false && $headEnd < $next) {
                $head = substr($body, $lineEnd + 2, max(0, $headEnd - $lineEnd - 2));
                yield [self::headers($head), substr($body, $headEnd + 4, max(0, $next - $headEnd - 4))];
            }
            $at = $next;
        }
    }

    /** @return array<string, string> */
    private static function headers(string $text): array
    {
        $headers = [];
        foreach (explode("\r\n", $text) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $headers[strtolower(trim($name))] = trim($value);
        }

        return $headers;
    }

    private static function file(string $content, string $filename, ?string $type): UploadedFileInterface
    {
        // A browser sends an empty file name for a file field that was left empty.
        $error = $filename === '' && $content === '' ? UPLOAD_ERR_NO_FILE : UPLOAD_ERR_OK;

        return new UploadedFile(Stream::create($content), strlen($content), $error, basename($filename), $type);
    }

    /**
     * @param list<array{string, mixed}> $pairs
     * @return array<string, mixed>
     */
    private static function nest(array $pairs): array
    {
        // parse_str() knows PHP's rules for names; it nests the numbers, which stand for the values.
        $query = [];
        foreach ($pairs as $number => [$name]) {
            $query[] = urlencode($name) . "=$number";
        }
        parse_str(implode('&', $query), $nested);
        array_walk_recursive($nested, static function (mixed &$number) use ($pairs): void {
            $number = $pairs[(int) $number][1];
        });

        return $nested;
    }
}
