<?php

declare(strict_types=1);

namespace RuntimeKit;

/**
 * What the platform says about the function; the same for every call. The two names with hyphens
 * are `$context->{'function-name'}`, a string, and `$context->{'memory-limit'}`, a string as `128Mi` or null.
 */
final class Context extends \stdClass
{
    /** @param string $timeout seconds, as the environment says it: `180` */
    public function __construct(
        string $functionName,
        public string $timeout,
        public ?string $runtime,
        ?string $memoryLimit,
    ) {
        $this->{'function-name'} = $functionName;
        $this->{'memory-limit'} = $memoryLimit;
    }
}
