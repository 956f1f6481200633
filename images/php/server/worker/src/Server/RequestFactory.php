<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use Nyholm\Psr7\ServerRequest;
use Nyholm\Psr7\Stream;
use Psr\Http\Message\ServerRequestInterface;

/** Makes the PSR-7 request that a function finds as `$event->extensions->request`. */
final class RequestFactory
{
    public static function create(IncomingRequest $incoming): ServerRequestInterface
    {
        $target = $incoming->target();
        [$path, $query] = explode('?', $target, 2) + [1 => ''];
        $request = new ServerRequest(
            $incoming->method(),
            self::uri($incoming, $target),
            $incoming->headerLists(),
            Stream::create($incoming->body),
            $incoming->protocolVersion(),
            self::serverParams($incoming, $query),
        );
        parse_str($query, $parameters);
        $request = $request->withRequestTarget($target)
            ->withQueryParams($parameters)
            ->withCookieParams(self::cookies($incoming->headers['cookie'] ?? ''));

        return self::withForm($request, $incoming);
    }

    private static function uri(IncomingRequest $incoming, string $target): string
    {
        $isPath = str_starts_with($target, '/');
        $uri = $isPath ? 'http://' . ($incoming->headers['host'] ?? 'localhost') . $target : $target;
        if (parse_url($uri) !== false) {
            return $uri;
        }

        // PHP's parser does not take every host that HTTP allows. The path counts: functions go by it.
        return 'http://localhost' . ($isPath ? $target : '/');
    }

    /** @return array<string, string|float> as a web server of PHP would fill $_SERVER */
    private static function serverParams(IncomingRequest $incoming, string $query): array
    {
        $colon = (int) strrpos($incoming->remote(), ':');

        return [
            'REQUEST_METHOD' => $incoming->method(),
            'REQUEST_URI' => $incoming->target(),
            'QUERY_STRING' => $query,
            'SERVER_PROTOCOL' => 'HTTP/' . $incoming->protocolVersion(),
            'REMOTE_ADDR' => trim(substr($incoming->remote(), 0, $colon), '[]'),
            'REMOTE_PORT' => substr($incoming->remote(), $colon + 1),
            'REQUEST_TIME_FLOAT' => microtime(true),
        ];
    }

    /** @return array<string, string> */
    private static function cookies(string $header): array
    {
        $cookies = [];
        foreach (explode(';', $header) as $pair) {
            [$name, $value] = explode('=', trim($pair), 2) + [1 => ''];
            if ($name !== '') {
                $cookies[$name] = urldecode($value);
            }
        }

        return $cookies;
    }

    private static function withForm(ServerRequestInterface $request, IncomingRequest $incoming): ServerRequestInterface
    {
        $type = ContentType::parse($incoming->headers['content-type'] ?? '');
        if ($type->name === 'application/x-www-form-urlencoded') {
            parse_str($incoming->body, $form);

            return $request->withParsedBody($form);
        }
        if ($type->name === 'multipart/form-data') {
            $form = MultipartForm::parse($incoming->body, $type->parameters['boundary'] ?? '');

            return $request->withParsedBody($form->fields)->withUploadedFiles($form->files);
        }

        return $request;
    }
}
