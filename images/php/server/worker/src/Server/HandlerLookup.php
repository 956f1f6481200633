<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

/** Finds the handler that a module defines or returns. */
final class HandlerLookup
{
    /** @param mixed $exported what `require` of the module returned: 1 where it returns nothing */
    public static function find(string $name, mixed $exported): ?callable
    {
        if (is_callable($name)) {
            return $name; // a function, or a static method as Class::method
        }
        if (is_array($exported) && is_callable($exported[$name] ?? null)) {
            return $exported[$name];
        }

        return $exported instanceof \Closure || is_object($exported) && is_callable($exported) ? $exported : null;
    }
}
