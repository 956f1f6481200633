<?php

declare(strict_types=1);

namespace RuntimeKit;

use Nyholm\Psr7\Response;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use RuntimeKit\Server\IncomingRequest;
use RuntimeKit\Server\RequestFactory;

/**
 * What `$event->extensions` holds. Request and response are made when they are first read: most
 * functions read neither, and they cost more than all the rest of a call.
 *
 * A function answers with a status and headers of its own by returning a PSR-7 response, or by
 * assigning `$event->extensions->response` and returning the body.
 *
 * @property ServerRequestInterface $request the request, as PSR-7
 * @property ResponseInterface $response status 200, no headers, until the function assigns another
 */
#[\AllowDynamicProperties]
final class Extensions
{
    /** @param object|null $cloudevent attributes by name, null where the request is no CloudEvent */
    public function __construct(private readonly IncomingRequest $incoming, public readonly ?object $cloudevent)
    {
    }

    public function __get(string $name): mixed
    {
        return match ($name) {
            'request' => $this->request = RequestFactory::create($this->incoming),
            'response' => $this->response = new Response(),
            default => null,
        };
    }

    public function __isset(string $name): bool
    {
        return $name === 'request' || $name === 'response';
    }

    /** The response that the function assigned, or read; null where it did neither. */
    public function assignedResponse(): ?ResponseInterface
    {
        $response = get_object_vars($this)['response'] ?? null;

        return $response instanceof ResponseInterface ? $response : null;
    }
}
