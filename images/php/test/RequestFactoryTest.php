<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ServerRequestInterface;
use RuntimeKit\Server\IncomingRequest;
use RuntimeKit\Server\RequestFactory;

final class RequestFactoryTest extends TestCase
{
    private static function request(string $target, string $body = '', string ...$headers): ServerRequestInterface
    {
        $head = ['POST', $target, '1.1', '[::1]:5', 'example:80', ...$headers];

        return RequestFactory::create(IncomingRequest::parse(implode("\0", $head), $body));
    }

    public function testReadsFormAndCookies(): void
    {
        $form = ['Content-Type', 'application/x-www-form-urlencoded'];
        $request = self::request('/', 'a[]=1&a[]=%C3%BC', ...$form, ...['Cookie', 'x=1; y=a%20b;z']);
        self::assertSame(['a' => ['1', 'ü']], $request->getParsedBody());
        self::assertSame(['x' => '1', 'y' => 'a b', 'z' => ''], $request->getCookieParams());
    }

    public function testHeadersOfOneNameStayApart(): void
    {
        self::assertSame(['1', '2'], self::request('/', '', 'X-A', '1', 'X-A', '2')->getHeader('x-a'));
    }

    public function testTellsTheCallersAddress(): void
    {
        $params = self::request('/a?b=c')->getServerParams();
        self::assertSame(['::1', '5', 'b=c'], [$params['REMOTE_ADDR'], $params['REMOTE_PORT'], $params['QUERY_STRING']]);
    }

    public function testServesATargetThatIsNoUri(): void
    {
        foreach (['*', '//', '/a:b?c', 'http://example/absolute', '/%zz'] as $target) {
            self::assertSame($target, self::request($target)->getRequestTarget());
        }
    }
}
