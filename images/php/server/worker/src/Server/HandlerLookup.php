<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** Finds the handler that a module defines or returns. */
final class HandlerLookup
{
    /** @param mixed $exported what `require` of the module returned: 1 where it returns nothing */
    public static function find(string $name, mixed $exported): ?callable
    {
        if (is_array($exported) && is_callable($exported[$name] ?? null)) {
            return $exported[$name];
        }
        // A function, or a static method as Class::method. PHP's own are no handlers: not finding one
        // shows when the server starts, calling one only when a request comes.
        if (is_callable($name) && !(function_exists($name) && (new \ReflectionFunction($name))->isInternal())) {
            return $name;
        }

        return is_object($exported) && is_callable($exported) ? $exported : null;
    }
}
