<?php

declare(strict_types=1);

namespace RuntimeKit\Server;

use RuntimeKit\Context;
use RuntimeKit\Event;

/**
 * The life of a worker process, from loading the function to the last request. Static, because the
 * function's module shares the script's global scope and may use any variable name there.
 */
final class Worker
{
    private static Channel $channel;

    /** @var callable(Event, Context): mixed */
    private static $handler;

    private static Context $context;
    private static int $pid;
    private static bool $loading = true;
    private static bool $calling = false;

    /** Errors that end the process. */
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** Sets up all that the module may need while it is loaded: its dependencies' classes come first. */
    public static function prepare(): void
    {
        self::$channel = Channel::toFront();
        self::$pid = getmypid();
        self::$context = self::context();
        register_shutdown_function(self::onShutdown(...));
        $folders = array_unique([self::root(), getenv('KUBELESS_INSTALL_VOLUME') ?: self::root()]);
        foreach ($folders as $folder) {
            if (is_file("$folder/vendor/autoload.php")) {
                require_once "$folder/vendor/autoload.php";
            }
        }
        set_include_path(implode(PATH_SEPARATOR, [...$folders, get_include_path()]));
    }

    private static function root(): string
    {
        return rtrim(getenv('MOD_ROOT_PATH') ?: '/kubeless', '/');
    }

    public static function modulePath(): string
    {
        return self::root() . '/' . getenv('MOD_NAME') . '.php';
    }

    private static function context(): Context
    {
        return new Context(
            (string) getenv('FUNC_HANDLER'),
            getenv('FUNC_TIMEOUT') ?: '180',
            getenv('FUNC_RUNTIME') ?: null,
            getenv('FUNC_MEMORY_LIMIT') ?: null,
        );
    }

    /** Loads the classes of a call before the first one has to wait for them. */
    private static function warmUp(): void
    {
        $event = EventFactory::create(new IncomingRequest(['GET', '/', '1.1', ':', 'localhost'], ''));
        $event->extensions->request;
        $event->extensions->response;
        class_exists(Answer::class);
    }

    /** @param mixed $exported what the module returned: nothing, the handler, or handlers by name */
    public static function loaded(mixed $exported): void
    {
        $name = (string) getenv('FUNC_HANDLER');
        $handler = HandlerLookup::find($name, $exported);
        if ($handler === null) {
            self::leave("runtime-kit: FUNC_HANDLER is \"$name\": " . self::modulePath()
                . ' has no function of that name: define it there, or set FUNC_HANDLER to one that it has');
        }
        self::$handler = $handler;
        self::warmUp();
        self::$loading = false;
        self::$channel->loaded();
    }

    public static function cannotLoad(\Throwable $error): never
    {
        self::leave('runtime-kit: ' . self::modulePath() . ' cannot be loaded: '
            . Channel::summary($error) . "\n" . $error);
    }

    private static function leave(string $reason): never
    {
        self::$loading = false;
        self::$channel->cannotLoad($reason);
        exit(1);
    }

    /** A fatal error or exit() throws nothing; here it still gets its reason told. */
    private static function onShutdown(): void
    {
        if (getmypid() !== self::$pid || !self::$loading && !self::$calling) {
            return;
        }
        $last = error_get_last();
        $why = $last !== null && ($last['type'] & self::FATAL) !== 0
            ? "$last[message] in $last[file]:$last[line]"
            : 'it called exit()';
        if (self::$loading) {
            self::$channel->cannotLoad('runtime-kit: ' . self::modulePath() . " cannot be loaded: $why");
        } else {
            self::$channel->ending($why);
        }
    }

    /** Answers requests until the front closes the pipe. */
    public static function serve(): void
    {
        while (($request = self::next()) !== null) {
            self::$calling = true;
            self::answer($request);
            self::$calling = false;
            self::tidyUp();
        }
    }

    /** The next request. Handlers of signals that come meanwhile run here, outside any call. */
    private static function next(): ?IncomingRequest
    {
        if (!pcntl_async_signals()) {
            return self::$channel->read();
        }
        // Off while a request is read: a handler that throws must not lose half of it.
        pcntl_async_signals(false);
        do {
            try {
                pcntl_signal_dispatch();
            } catch (\Throwable $error) {
                self::reportOutside($error);
            }
        } while (!self::$channel->wait());
        $request = self::$channel->read();
        pcntl_async_signals(true);

        return $request;
    }

    private static function answer(IncomingRequest $request): void
    {
        try {
            $event = EventFactory::create($request);
        } catch (RefusedRequest $refusal) {
            self::$channel->refused($refusal);

            return;
        }
        try {
            $value = (self::$handler)($event, clone self::$context);
            // The promise convention: an object that can be waited for stands for its value.
            while (is_object($value) && method_exists($value, 'wait')) {
                $value = $value->wait();
            }
            self::leaveIfForked();
            Answer::send(self::$channel, $value, $event->extensions->assignedResponse());
        } catch (\Throwable $error) {
            self::leaveIfForked($error);
            self::answerError($error);
        }
    }

    private static function answerError(\Throwable $error): void
    {
        $response = self::$channel->isStreaming() ? null : StatusError::response($error);
        if ($response === null) {
            self::$channel->failed($error);
        } else {
            self::$channel->thrown();
            Answer::send(self::$channel, $response, null);
        }
    }

    /** A child that the function forked must never write into the pipe of its parent's answers. */
    private static function leaveIfForked(?\Throwable $error = null): void
    {
        if (getmypid() !== self::$pid) {
            if ($error !== null) {
                self::reportOutside($error);
            }
            exit($error === null ? 0 : 1);
        }
    }

    private static function reportOutside(\Throwable $error): void
    {
        error_log("runtime-kit: error outside a request: $error");
    }

    /** What PHP does itself at the end of a request, where a process serves no second one. */
    private static function tidyUp(): void
    {
        // What a call left in buffers belongs to its own output. Some cannot be ended, callbacks can throw.
        for ($level = ob_get_level(); $level > 0; $level--) {
            try {
                @ob_end_flush();
            } catch (\Throwable $error) {
                self::reportOutside($error);
            }
        }
        if (ini_get('max_execution_time') !== '0') {
            set_time_limit(0); // the clock that a call has set would end a later one
        }
        // Processes that the call has started and not waited for.
        while (pcntl_waitpid(-1, $status, WNOHANG) > 0) {
        }
    }
}
